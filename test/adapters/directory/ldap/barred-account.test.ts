import { describe, expect, test } from 'vitest';
import { barredAccount } from '../../../../src/adapters/directory/ldap/barred-account.ts';
import { ldapEntry } from '../../../../src/adapters/directory/ldap/ldap-entry.ts';
import { ACCOUNT_CHECKS } from '../../../../src/adapters/directory/ldap/ldap-settings.ts';

const NOW = Date.UTC(2026, 10, 18, 12);
const DAY = 86_400_000;
const today = Math.floor(NOW / DAY);
const ticks = (ms: number) => String((BigInt(ms) + 11_644_473_600_000n) * 10_000n);

const barred = (attributes: Record<string, string | string[]>) =>
  barredAccount(ldapEntry({ dn: 'uid=ana', ...attributes }), ACCOUNT_CHECKS, NOW);

describe('an account', () => {
  test.each([
    [{ pwdAccountLockedTime: '000001010000Z' }, 'its account is locked (pwdAccountLockedTime)'],
    [{ nsaccountlock: 'true' }, 'its account is locked (nsAccountLock)'],
    [{ userAccountControl: '514' }, 'its account is disabled (userAccountControl)'],
    [{ accountExpires: ticks(NOW) }, 'its account has expired (accountExpires)'],
    [{ shadowExpire: String(today) }, 'its account has expired (shadowExpire)'],
    [{ shadowExpire: '0' }, 'its account has expired (shadowExpire)'],
    [{ loginShell: '/sbin/nologin' }, 'its shell is /sbin/nologin (loginShell)'],
    [{ loginShell: '/bin/false' }, 'its shell is /bin/false (loginShell)'],
    [{ shadowExpire: 'soon' }, 'its account cannot be understood (shadowExpire)'],
    [{ userAccountControl: '-' }, 'its account cannot be understood (userAccountControl)'],
    [{ accountExpires: '1e3' }, 'its account cannot be understood (accountExpires)'],
    [{ nsAccountLock: 'perhaps' }, 'its account is locked (nsAccountLock)'],
  ])('with %j has no rights', (attributes, because) => {
    expect(barred(attributes)).toBe(because);
  });

  test.each([
    {},
    { pwdAccountLockedTime: [] },
    { nsAccountLock: 'FALSE' },
    { userAccountControl: '512' },
    { accountExpires: '0' },
    { accountExpires: '9223372036854775807' },
    { accountExpires: ticks(NOW + 1) },
    { shadowExpire: '-1' },
    { shadowExpire: String(today + 1) },
    { loginShell: '/bin/bash' },
    { loginShell: '/opt/truefalse' },
  ])('with %j has them', (attributes) => {
    expect(barred(attributes)).toBeUndefined();
  });

  test('is judged by what is configured alone', () => {
    const entry = ldapEntry({ dn: 'uid=ana', loginShell: '/sbin/nologin' });
    expect(barredAccount(entry, ['nsAccountLock'], NOW)).toBeUndefined();
  });
});
