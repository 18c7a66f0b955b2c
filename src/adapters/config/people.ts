import * as z from 'zod';
import { GroupName, UserId } from '../../domain/ids.ts';
import type { Person } from '../../domain/inventory.ts';
import type { ConfigFile } from './config-file.ts';
import { type ConfigPart, entriesOf, inside, problemOf, wholeOf } from './config-part.ts';
import { knownWords } from './did-you-mean.ts';
import type { Path, Problem } from './problem.ts';
import { readPart } from './read-part.ts';

const emptyIsMap = (value: unknown) => value ?? {};

export const NetworkIds = z.preprocess(
  emptyIsMap,
  z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a network such as matrix'),
    z.string().min(1, 'expected the id that the network gives to this person'),
  ),
);

export const PeopleFields = {
  groups: z.preprocess(emptyIsMap, z.record(GroupName, z.array(UserId))).optional(),
  people: z.preprocess(emptyIsMap, z.record(UserId, NetworkIds)).optional(),
};

const PeopleFile = z.preprocess(emptyIsMap, z.strictObject(PeopleFields));
type PeopleFile = z.infer<typeof PeopleFile>;

/** Who there is, by name and by what the networks vouch for. */
export interface People {
  readonly byId: ReadonlyMap<UserId, Person>;
  readonly groups: ReadonlyMap<GroupName, readonly UserId[]>;
  /** Everybody who claims an id of a network. One that two claim belongs to nobody. */
  claimants(network: string, id: string): readonly Person[];
}

/** `people` is undefined where the file could not be understood; there may be problems beside it, too. */
export interface ReadPeople {
  readonly people: People | undefined;
  readonly problems: readonly Problem[];
}

/** Where people stand in a file; in signalbox.yaml itself beside LDAP directories, which others read. */
export function peoplePart(file: ConfigFile, under: Path): ConfigPart {
  const part = inside(wholeOf(file), ...under);
  if (under.length === 0 || typeof part.value !== 'object' || part.value === null) return part;
  const { ldap: _, cache: __, ...value } = part.value as Record<string, unknown>;
  return { ...part, value };
}

export function readPeople(part: ConfigPart): ReadPeople {
  if (part.file.problems.length > 0) return { people: undefined, problems: part.file.problems };
  const read = readPart(part, PeopleFile);
  if (read.kind === 'refused') return { people: undefined, problems: read.problems };
  return {
    people: peopleFrom(read.value),
    problems: [...unknownMembers(part, read.value), ...sharedIds(inside(part, 'people'))],
  };
}

function peopleFrom({ groups = {}, people = {} }: PeopleFile): People {
  const members = new Map(Object.entries(groups) as [GroupName, UserId[]][]);
  const groupsOf = (id: UserId) =>
    [...members].filter(([, ids]) => ids.includes(id)).map(([group]) => group);
  const byId = new Map<UserId, Person>();
  const byNetwork = new Map<string, Person[]>();
  for (const [id, networks] of Object.entries(people) as [UserId, Record<string, string>][]) {
    const person = { id, groups: groupsOf(id) };
    byId.set(id, person);
    for (const [network, known] of Object.entries(networks)) {
      const claim = `${network} ${known}`;
      byNetwork.set(claim, [...(byNetwork.get(claim) ?? []), person]);
    }
  }
  return {
    byId,
    groups: members,
    claimants: (network, id) => byNetwork.get(`${network} ${id}`) ?? [],
  };
}

function unknownMembers(part: ConfigPart, { groups = {}, people = {} }: PeopleFile): Problem[] {
  const known = knownWords(Object.keys(people), {
    what: 'person',
    otherwise: 'add them under people',
  });
  return Object.entries(groups).flatMap(([group, members]) =>
    members.flatMap((member, index) =>
      known.has(member)
        ? []
        : [problemOf(inside(part, 'groups', group, index), known.complaint(member))],
    ),
  );
}

/** Of a map from people to their ids: each id that two of them claim. */
export function sharedIds(people: ConfigPart): Problem[] {
  const first = new Map<string, string>();
  const claims = entriesOf(people).flatMap(({ key: person, part: networks }) =>
    entriesOf(networks).map(({ key: network, part: id }) => ({ person, network, id })),
  );
  return claims.flatMap(({ person, network, id }) => {
    const claim = `${network} ${id.value}`;
    const other = first.get(claim);
    if (other === undefined) first.set(claim, person);
    return other === undefined ? [] : [sharedId(id, { network, person, other })];
  });
}

function sharedId(
  id: ConfigPart,
  { network, person, other }: { network: string; person: string; other: string },
): Problem {
  return problemOf(id, {
    message: `${network} "${id.value}" of "${person}" is already that of "${other}"`,
    expected: 'an id that one person has, since one that two claim belongs to nobody',
    next: 'remove it from one of the two',
  });
}
