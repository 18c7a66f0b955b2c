import { FilterParser, OrFilter } from 'ldapts';
import { inLots } from '../../../domain/in-lots.ts';
import { isWithin, normalDn } from './distinguished-name.ts';
import { findPeople, having, personAttributes } from './find-people.ts';
import { throughGroups } from './groups-of.ts';
import type { LdapEntry } from './ldap-entry.ts';
import type { LdapSettings } from './ldap-settings.ts';
import { NoSuchEntry } from './ldap-trouble.ts';
import type { LdapConnection } from './open-ldap.ts';

const AT_ONCE = 50;

export interface MembersQuestion {
  readonly group: string;
  readonly settings: Pick<LdapSettings, 'people' | 'groups' | 'barredBy'>;
  readonly isActiveDirectory: boolean;
}

type Settings = MembersQuestion['settings'];

/** The entries of all people in a group, directly or through groups inside it; each once. */
export async function membersOf(
  ldap: LdapConnection,
  { group, settings, isActiveDirectory }: MembersQuestion,
): Promise<readonly LdapEntry[]> {
  const [top] = await entryAt(ldap, group);
  if (top === undefined) throw new NoSuchEntry(`has no ${group}, or does not show it`, false);
  if (isActiveDirectory) return findPeople(ldap, throughGroups('memberOf', group), settings);
  const people = new Map<string | undefined, LdapEntry>();
  const seen = new Set<string | undefined>();
  let level: readonly string[] = [group];
  for (let deep = 1; level.length > 0 && deep <= settings.groups.depth; deep += 1) {
    const inside: string[] = [];
    for (const dn of level.filter((one) => !seen.has(normalDn(one)))) {
      seen.add(normalDn(dn));
      inside.push(...(await takeMembers(ldap, dn, settings, people)));
    }
    level = inside;
  }
  return [...people.values()];
}

/** Adds the people that one group has, and gives its members that are no people: groups, it may be. */
async function takeMembers(
  ldap: LdapConnection,
  group: string,
  settings: Settings,
  people: Map<string | undefined, LdapEntry>,
): Promise<readonly string[]> {
  const isNew = (dn: string) => !people.has(normalDn(dn));
  const add = (entries: readonly LdapEntry[]) => {
    for (const entry of entries) people.set(normalDn(entry.dn), entry);
  };
  const { named, byUid } = await namedBy(ldap, group, settings);
  if (settings.groups.by.includes('memberOf')) {
    add(await findPeople(ldap, having('memberOf', group), settings));
  }
  add(await peopleByUid(ldap, byUid, settings));
  add(await peopleAt(ldap, named.filter(isNew), settings));
  return named.filter(isNew);
}

/** The members that a group's entry lists; none where there is no such entry, or where it is a person's. */
async function namedBy(
  ldap: LdapConnection,
  dn: string,
  { groups }: Settings,
): Promise<{ readonly named: readonly string[]; readonly byUid: readonly string[] }> {
  const listing = groups.by.filter((one) => one !== 'memberOf');
  const [entry] = await entryAt(ldap, dn, listing);
  const of = (...attributes: readonly string[]) =>
    attributes
      .filter((one) => listing.some((listed) => listed === one))
      .flatMap((attribute) => entry?.values(attribute) ?? []);
  // A unique member may have a bit string after its name (RFC 4517, 3.3.21).
  const named = of('member', 'uniqueMember').map((one) => one.replace(/#'[01]*'B$/, ''));
  return { named, byUid: of('memberUid') };
}

async function peopleByUid(
  ldap: LdapConnection,
  uids: readonly string[],
  settings: Settings,
): Promise<readonly LdapEntry[]> {
  const found: LdapEntry[] = [];
  for (const some of inLots(uids, AT_ONCE)) {
    const filters = some.map((uid) => having(settings.people.id, uid));
    found.push(...(await findPeople(ldap, new OrFilter({ filters }), settings)));
  }
  return found;
}

async function peopleAt(
  ldap: LdapConnection,
  names: readonly string[],
  settings: Settings,
): Promise<readonly LdapEntry[]> {
  const base = normalDn(settings.people.base) ?? '';
  const filter = FilterParser.parseString(settings.people.filter);
  const within = names.filter((dn) => isWithin(normalDn(dn) ?? '', base));
  const found: LdapEntry[] = [];
  for (const some of inLots(within, AT_ONCE)) {
    const asked = some.map((dn) => entryAt(ldap, dn, personAttributes(settings), filter));
    found.push(...(await Promise.all(asked)).flat());
  }
  return found;
}

/** A member that was deleted may still be named. */
async function entryAt(
  ldap: LdapConnection,
  base: string,
  attributes: readonly string[] = ['1.1'],
  filter: Parameters<LdapConnection['search']>[0]['filter'] = '(objectClass=*)',
): Promise<readonly LdapEntry[]> {
  try {
    return await ldap.search({ base, scope: 'entry', filter, attributes });
  } catch (problem) {
    if (problem instanceof NoSuchEntry) return [];
    throw problem;
  }
}
