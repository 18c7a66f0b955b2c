import type { UserId } from '../../domain/ids.ts';
import type { Member } from '../../policies/directory.ts';
import { claimantOf, findPeople, having, unlessSpelt } from './ldap/find-people.ts';
import { groupsOf } from './ldap/groups-of.ts';
import type { LdapEntry } from './ldap/ldap-entry.ts';
import type { LdapServers } from './ldap/ldap-servers.ts';
import type { LdapSettings } from './ldap/ldap-settings.ts';
import { membersOf } from './ldap/members-of.ts';
import type { LdapConnection } from './ldap/open-ldap.ts';
import { isActiveDirectory } from './ldap/root-entry.ts';
import { sshKey } from './ldap/ssh-keys.ts';
import type { KnownPerson, PeopleSource } from './people-source.ts';

export interface LdapPeopleOptions {
  readonly settings: LdapSettings;
  readonly servers: LdapServers;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** People of one LDAP directory. Every question goes to a server: nothing here remembers an answer. */
export function ldapPeople({ settings, servers, now }: LdapPeopleOptions): PeopleSource {
  const { name, people, groups } = settings;

  function memberOf(entry: LdapEntry): Member[] {
    const { id, barred } = claimantOf(entry, settings, now());
    const keys = entry.values(people.sshKeys).flatMap((line) => sshKey(line) ?? []);
    return id === undefined ? [] : [{ id, keys, ...(barred !== undefined && { barred }) }];
  }

  async function knownPerson(
    ldap: LdapConnection,
    person: LdapEntry,
    { id, isActiveDirectory }: { readonly id: UserId; readonly isActiveDirectory: boolean },
  ): Promise<KnownPerson> {
    const claimant = claimantOf(person, settings, now());
    if (claimant.barred !== undefined) return { ...claimant, groups: [] };
    if (claimant.id !== id) {
      const barred = `its ${people.id} is ${JSON.stringify(claimant.id)}, not "${id}"`;
      return { ...claimant, barred, groups: [] };
    }
    const question = { person, settings, isActiveDirectory };
    return { ...claimant, groups: await groupsOf(ldap, question) };
  }

  return {
    name,
    async claimants(network, value) {
      const attribute = attributeFor(network);
      if (attribute === undefined) return [];
      const found = await servers.ask((ldap) =>
        findPeople(ldap, having(attribute, value), settings),
      );
      return found.map((entry) =>
        unlessSpelt(claimantOf(entry, settings, now()), entry, { attribute, value }),
      );
    },
    people: (id) =>
      servers.ask(async (ldap) => {
        const found = await findPeople(ldap, having(people.id, id), settings);
        const isAd = found.length > 0 && (await isActiveDirectory(ldap));
        return Promise.all(
          found.map((person) => knownPerson(ldap, person, { id, isActiveDirectory: isAd })),
        );
      }),
    confers: (group) => groups.confers.has(group),
    members: (conferred) =>
      servers.ask(async (ldap) => {
        const group = groups.confers.get(conferred) ?? '';
        const isAd = await isActiveDirectory(ldap);
        const found = await membersOf(ldap, { group, settings, isActiveDirectory: isAd });
        return found.flatMap(memberOf);
      }),
    toAddId(network, id) {
      const attribute = attributeFor(network);
      if (attribute === undefined) return undefined;
      return `let somebody's entry in ${name} have the ${attribute} ${JSON.stringify(id)}`;
    },
    toAddPerson: (id) => `add an entry with the ${people.id} "${id}" to ${name}`,
  };

  function attributeFor(network: string): string | undefined {
    return Object.hasOwn(people.networks, network) ? people.networks[network] : undefined;
  }
}
