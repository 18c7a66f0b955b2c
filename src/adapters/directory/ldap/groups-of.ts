import { EqualityFilter, ExtensibleFilter, type Filter, OrFilter } from 'ldapts';
import type { GroupName } from '../../../domain/ids.ts';
import { inLots } from '../../../domain/in-lots.ts';
import { normalDn } from './distinguished-name.ts';
import type { LdapEntry } from './ldap-entry.ts';
import type { LdapSettings } from './ldap-settings.ts';
import type { LdapConnection } from './open-ldap.ts';

/** Of names in one filter; servers bound how long it may be. */
const AT_ONCE = 50;
/** Active Directory's rule for "through any number of groups". Other servers take it and find nothing. */
const THROUGH_GROUPS = '1.2.840.113556.1.4.1941';

export interface GroupsQuestion {
  readonly person: LdapEntry;
  readonly settings: Pick<LdapSettings, 'people' | 'groups'>;
  readonly isActiveDirectory: boolean;
}

/** Those of the groups that the directory confers which a person is in, directly or through other groups. */
export async function groupsOf(
  ldap: LdapConnection,
  { person, settings, isActiveDirectory }: GroupsQuestion,
): Promise<readonly GroupName[]> {
  const { groups } = settings;
  const direct = await directGroups(ldap, person, settings);
  const all = isActiveDirectory
    ? [...direct, ...(await namesOfGroups(ldap, groups.base, throughGroups('member', person.dn)))]
    : await withGroupsAround(ldap, direct, groups);
  const held = new Set(all.map(normalDn));
  return [...groups.confers].flatMap(([name, dn]) => (held.has(normalDn(dn)) ? [name] : []));
}

export function throughGroups(attribute: 'member' | 'memberOf', dn: string): Filter {
  return new ExtensibleFilter({ matchType: attribute, rule: THROUGH_GROUPS, value: dn });
}

async function directGroups(
  ldap: LdapConnection,
  person: LdapEntry,
  { people, groups }: GroupsQuestion['settings'],
): Promise<readonly string[]> {
  const own = groups.by.includes('memberOf') ? person.values('memberOf') : [];
  const byUid = groups.by.includes('memberUid')
    ? person.values(people.id).map((value) => new EqualityFilter({ attribute: 'memberUid', value }))
    : [];
  const filters = [...holding(person.dn, groups.by), ...byUid];
  return [...own, ...(await namesOfGroups(ldap, groups.base, ...filters))];
}

/** Goes up from level to level. A group that was seen is not looked at again, so a loop ends. */
async function withGroupsAround(
  ldap: LdapConnection,
  direct: readonly string[],
  { base, by, depth }: LdapSettings['groups'],
): Promise<readonly string[]> {
  const seen = new Map<string | undefined, string>();
  let level = direct;
  for (let deep = 1; level.length > 0; deep += 1) {
    const fresh = level.filter((dn) => !seen.has(normalDn(dn)));
    for (const dn of fresh) seen.set(normalDn(dn), dn);
    if (deep >= depth) break;
    const filters = [...new Set(fresh)].flatMap((dn) => holding(dn, by));
    level = await namesOfGroups(ldap, base, ...filters);
  }
  return [...seen.values()];
}

function holding(dn: string, by: LdapSettings['groups']['by']): readonly Filter[] {
  const attributes = by.filter((one) => one === 'member' || one === 'uniqueMember');
  return attributes.map((attribute) => new EqualityFilter({ attribute, value: dn }));
}

async function namesOfGroups(
  ldap: LdapConnection,
  base: string,
  ...filters: readonly Filter[]
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const some of inLots(filters, AT_ONCE)) {
    const filter = new OrFilter({ filters: [...some] });
    const entries = await ldap.search({ base, scope: 'tree', filter, attributes: ['1.1'] });
    found.push(...entries.map(({ dn }) => dn));
  }
  return found;
}
