import { expect, test } from 'vitest';
import { claimantOf } from '../../../src/adapters/directory/ldap/find-people.ts';
import { ldapEntry } from '../../../src/adapters/directory/ldap/ldap-entry.ts';
import type { LdapSettings } from '../../../src/adapters/directory/ldap/ldap-settings.ts';
import { partly } from '../../partly.ts';

const people = partly<LdapSettings['people']>({ id: 'uid' });
const settings = partly<LdapSettings>({ people, barredBy: [] });

function claimantCalled(uid: string) {
  return claimantOf(ldapEntry({ dn: `uid=${uid},ou=people`, uid }), settings, 0);
}

test('an entry of the directory is the person of its id', () => {
  expect(claimantCalled('ana')).toMatchObject({ id: 'ana' });
});

test('an entry that is called as the engine in journals, where that needs no signature, is nobody', () => {
  for (const uid of ['engine', 'Engine']) {
    const { id, barred } = claimantCalled(uid);
    expect({ id, barred }).toEqual({
      id: undefined,
      barred: `its uid "${uid}" cannot be a person's id`,
    });
  }
});
