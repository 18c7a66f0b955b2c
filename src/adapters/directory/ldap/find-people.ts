import { AndFilter, EqualityFilter, type Filter, FilterParser } from 'ldapts';
import { UserId } from '../../../domain/ids.ts';
import type { Claimant } from '../people-source.ts';
import { barredAccount } from './barred-account.ts';
import type { LdapEntry } from './ldap-entry.ts';
import type { LdapSettings } from './ldap-settings.ts';
import type { LdapConnection } from './open-ldap.ts';

type PeopleSettings = Pick<LdapSettings, 'people' | 'groups' | 'barredBy'>;

/** Everybody whom the server counts as having a value, however it compares. */
export async function findPeople(
  ldap: LdapConnection,
  having: Filter,
  settings: PeopleSettings,
): Promise<readonly LdapEntry[]> {
  return ldap.search({
    base: settings.people.base,
    scope: 'tree',
    filter: new AndFilter({ filters: [FilterParser.parseString(settings.people.filter), having] }),
    attributes: personAttributes(settings),
  });
}

/** The value is data in it, whatever signs it has. */
export function having(attribute: string, value: string): Filter {
  return new EqualityFilter({ attribute, value });
}

/** Operational attributes come only when they are asked for by name. */
export function personAttributes({ people, groups, barredBy }: PeopleSettings): readonly string[] {
  const { id, networks, sshKeys } = people;
  const memberOf = groups.by.includes('memberOf') ? ['memberOf'] : [];
  return [...new Set([id, ...Object.values(networks), sshKeys, ...barredBy, ...memberOf])];
}

/** An entry as somebody who may have rights, or with the reason why not. */
export function claimantOf(entry: LdapEntry, settings: PeopleSettings, now: number): Claimant {
  const { id: attribute } = settings.people;
  const [name, ...others] = entry.values(attribute);
  const { dn } = entry;
  if (name === undefined) return { entry: dn, barred: `it has no ${attribute}` };
  if (others.length > 0) return { entry: dn, barred: `it has more than one ${attribute}` };
  // A directory takes no notice of case here, so no two people differ in it alone.
  const id = UserId.safeParse(name.toLowerCase());
  if (!id.success) {
    return {
      entry: dn,
      barred: `its ${attribute} ${JSON.stringify(name)} cannot be a person's id`,
    };
  }
  const barred = barredAccount(entry, settings.barredBy, now);
  return barred === undefined ? { entry: dn, id: id.data } : { entry: dn, id: id.data, barred };
}

/** A directory may take for the same what a network does not: other case, other spaces, letters that look alike. */
export function unlessSpelt(
  claimant: Claimant,
  entry: LdapEntry,
  { attribute, value }: { readonly attribute: string; readonly value: string },
): Claimant {
  const values = entry.values(attribute);
  if (values.includes(value)) return claimant;
  const there = values.map((one) => JSON.stringify(one)).join(' and ') || 'hidden';
  return { ...claimant, barred: `its ${attribute} is ${there}, not ${JSON.stringify(value)}` };
}
