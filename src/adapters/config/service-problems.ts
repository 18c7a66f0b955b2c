import type { HostName } from '../../domain/ids.ts';
import { type ConfigPart, entriesOf, inside, items, problemOf } from './config-part.ts';
import { knownWords } from './did-you-mean.ts';
import type { HostDraft } from './host-drafts.ts';
import type { Declarations } from './inventory-declarations.ts';
import type { Problem } from './problem.ts';
import { readServices } from './service-drafts.ts';
import type { ServiceEntry } from './service-schema.ts';

type Hosts = ReadonlyMap<HostName, HostDraft>;

/** Whether what services name exists, and whether each of them could be swapped at all. */
export function serviceProblems(declared: Declarations, drafts: readonly HostDraft[]): Problem[] {
  const hosts: Hosts = new Map(drafts.map((draft) => [draft.host.name, draft]));
  const names = new Map<string, string>();
  return readServices(declared.services).flatMap(([name, entry, part]) => [
    ...unknownHosts(part, declared),
    ...unknownPool(entry, part, declared),
    ...tooFew(name, entry, part),
    ...sameTarget(entry, part),
    ...otherHomes(entry, part, hosts),
    ...fencesWithout(entry, part, hosts),
    ...returnWithoutKnowing(entry, part),
    ...sharedName(name, entry, part, names),
  ]);
}

function unknownHosts(part: ConfigPart, declared: Declarations): Problem[] {
  const hosts = knownWords(declared.hosts.keys(), {
    what: 'host',
    otherwise: 'add it under hosts',
  });
  const members = entriesOf(inside(part, 'members'))
    .filter(({ key }) => !hosts.has(key))
    .map(({ key, part: member }) =>
      problemOf(member, { at: 'key', ...hosts.complaint(key), value: key }),
    );
  const checks = ['checks', 'standby-checks'].flatMap((key) => items(inside(part, key)));
  const askers = checks
    .map((check) => inside(check, 'from'))
    .filter(({ value }) => typeof value === 'string' && !hosts.has(value));
  return [...members, ...askers.map((from) => problemOf(from, hosts.complaint(`${from.value}`)))];
}

function unknownPool(
  { builders }: ServiceEntry,
  part: ConfigPart,
  declared: Declarations,
): Problem[] {
  const pools = knownWords(declared.pools.keys(), {
    what: 'pool',
    otherwise: 'add it under pools',
  });
  if (builders === undefined || pools.has(builders)) return [];
  return [problemOf(inside(part, 'builders'), pools.complaint(builders))];
}

function tooFew(name: string, { members }: ServiceEntry, part: ConfigPart): Problem[] {
  const count = Object.keys(members).length;
  if (count >= 2) return [];
  return [
    problemOf(inside(part, 'members'), {
      at: 'key',
      message: `service "${name}" has ${count === 0 ? 'no member' : 'one member'}`,
      expected: 'two members or more, so that one can stand by',
      next: 'add another host, or remove the service',
      value: name,
    }),
  ];
}

/** Where two members have one name, nobody could read from it which of them is active. */
function sameTarget({ members }: ServiceEntry, part: ConfigPart): Problem[] {
  const first = new Map<string, string>();
  return Object.entries(members).flatMap(([host, { 'points-at': target }]) => {
    const other = first.get(target);
    if (other === undefined) first.set(target, host);
    if (other === undefined) return [];
    return [
      problemOf(inside(part, 'members', host, 'points-at'), {
        message: `"${host}" and "${other}" both are behind "${target}"`,
        expected: 'a name of its own for each member, by which it is known in DNS',
        next: 'change one of the two',
      }),
    ];
  });
}

function otherHomes({ members }: ServiceEntry, part: ConfigPart, hosts: Hosts): Problem[] {
  const [first, ...others] = Object.keys(members).flatMap(
    (name) => hosts.get(name as HostName)?.host ?? [],
  );
  if (first === undefined) return [];
  const strangers = others.filter(
    ({ zone, environment }) => zone !== first.zone || environment !== first.environment,
  );
  return strangers.map(({ name, zone, environment }) =>
    problemOf(inside(part, 'members', name), {
      at: 'key',
      message: `member "${name}" is in zone "${zone}" and environment "${environment}"`,
      expected: `those of "${first.name}", ${first.zone} and ${first.environment}: one worker has to reach all of them`,
      next: 'move the host, or take another one',
      value: name,
    }),
  );
}

function fencesWithout(
  { fences, members }: ServiceEntry,
  part: ConfigPart,
  hosts: Hosts,
): Problem[] {
  const place = fences.indexOf('power');
  const bare = Object.keys(members).find((name) => {
    const host = hosts.get(name as HostName)?.host;
    return host !== undefined && host.bmc === undefined;
  });
  if (place < 0 || bare === undefined) return [];
  return [
    problemOf(inside(part, 'fences', place), {
      message: `"${bare}" cannot be fenced by power, since it has no bmc`,
      expected: 'bmc for every member',
      next: `give "${bare}" a bmc, or remove power`,
    }),
  ];
}

function returnWithoutKnowing(
  { 'automatic-return': policy }: ServiceEntry,
  part: ConfigPart,
): Problem[] {
  if (!policy.allowed || policy.writes !== undefined) return [];
  return [
    problemOf(inside(part, 'automatic-return'), {
      at: 'key',
      message: 'the name may go back by itself, and nothing says what was written meanwhile',
      expected: 'writes: compatible, or writes: { looked-up-by: [command] }',
      next: 'add writes, or set allowed: false',
      value: 'automatic-return',
    }),
  ];
}

function sharedName(
  service: string,
  { dns }: ServiceEntry,
  part: ConfigPart,
  names: Map<string, string>,
): Problem[] {
  const other = names.get(dns.name);
  if (other === undefined) names.set(dns.name, service);
  if (other === undefined) return [];
  return [
    problemOf(inside(part, 'dns', 'name'), {
      message: `services "${service}" and "${other}" both have the name "${dns.name}"`,
      expected: 'a name of its own for each service',
      next: 'change one of the two',
    }),
  ];
}
