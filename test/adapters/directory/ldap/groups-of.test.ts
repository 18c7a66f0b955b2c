import type { Filter } from 'ldapts';
import { expect, test } from 'vitest';
import { groupsOf } from '../../../../src/adapters/directory/ldap/groups-of.ts';
import { ldapEntry } from '../../../../src/adapters/directory/ldap/ldap-entry.ts';
import { MEMBERSHIPS } from '../../../../src/adapters/directory/ldap/ldap-settings.ts';
import type { Question } from '../../../../src/adapters/directory/ldap/open-ldap.ts';
import { isActiveDirectory } from '../../../../src/adapters/directory/ldap/root-entry.ts';
import type { GroupName } from '../../../../src/domain/ids.ts';

const ANA = ldapEntry({ dn: 'cn=ana,dc=ad', sAMAccountName: 'ana', memberOf: 'cn=team,dc=ad' });
const settings = {
  people: { base: 'dc=ad', filter: '', id: 'sAMAccountName', networks: {}, sshKeys: '' },
  groups: {
    base: 'dc=ad',
    confers: new Map([
      ['team' as GroupName, 'CN=Team,DC=ad'],
      ['admins' as GroupName, 'CN=Admins,DC=ad'],
      ['others' as GroupName, 'CN=Others,DC=ad'],
    ]),
    by: MEMBERSHIPS,
    depth: 8,
  },
};

/** Answers by the filter's text, and remembers what was asked. */
function ldapWith(answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  return {
    asked,
    async search({ filter }: Question) {
      asked.push(String(filter as Filter));
      const found = Object.entries(answers).filter(([text]) => String(filter).includes(text));
      return found.map(([, dn]) => ldapEntry({ dn }));
    },
  };
}

test('Active Directory is asked itself for groups around groups, with its own rule', async () => {
  const rule = '(member:1.2.840.113556.1.4.1941:=cn=ana,dc=ad)';
  const ldap = ldapWith({ [rule]: 'CN=Admins,DC=ad' });
  const held = await groupsOf(ldap, { person: ANA, settings, isActiveDirectory: true });
  expect(held).toEqual(['team', 'admins']);
  expect(ldap.asked.filter((filter) => filter.includes(rule))).toHaveLength(1);
});

test('other servers are asked level by level, since they take that rule and find nothing', async () => {
  const ldap = ldapWith({ '(member=cn=team,dc=ad)': 'cn=admins,dc=ad' });
  const held = await groupsOf(ldap, { person: ANA, settings, isActiveDirectory: false });
  expect(held).toEqual(['team', 'admins']);
  expect(ldap.asked.join()).not.toContain('1941');
});

test('a server is Active Directory by what it says of itself', async () => {
  const saying = (...capabilities: readonly string[]) => ({
    search: async () => [ldapEntry({ dn: '', supportedCapabilities: [...capabilities] })],
  });
  expect(await isActiveDirectory(saying('1.2.3', '1.2.840.113556.1.4.800'))).toBe(true);
  expect(await isActiveDirectory(saying('1.2.3'))).toBe(false);
  expect(await isActiveDirectory({ search: async () => [] })).toBe(false);
});
