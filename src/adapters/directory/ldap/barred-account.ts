import type { LdapEntry } from './ldap-entry.ts';
import type { AccountCheck } from './ldap-settings.ts';

const DAY_MS = 86_400_000;
/** Windows counts in 100 ns from 1601. */
const TICKS_PER_MS = 10_000n;
const FROM_1601_MS = 11_644_473_600_000n;
const NEVER = new Set(['0', '9223372036854775807']);
const DISABLED = 2;
const NO_SHELLS = ['nologin', 'false'];

type Barring = (value: string, now: number) => string | undefined;

const WAYS: Readonly<Record<AccountCheck, Barring>> = {
  pwdAccountLockedTime: () => 'its account is locked',
  nsAccountLock: (value) => (value.toLowerCase() === 'false' ? undefined : 'its account is locked'),
  userAccountControl: (value) =>
    whole(value, (flags) => (flags & DISABLED ? 'its account is disabled' : undefined)),
  accountExpires: (value, now) => {
    if (NEVER.has(value)) return undefined;
    return whole(value, () => {
      const at = BigInt(value) / TICKS_PER_MS - FROM_1601_MS;
      return at <= BigInt(Math.trunc(now)) ? 'its account has expired' : undefined;
    });
  },
  shadowExpire: (value, now) =>
    value === '-1'
      ? undefined
      : whole(value, (day) => (day * DAY_MS <= now ? 'its account has expired' : undefined)),
  loginShell: (value) =>
    NO_SHELLS.some((shell) => value === shell || value.endsWith(`/${shell}`))
      ? `its shell is ${value}`
      : undefined,
};

/** Why an entry's account has no rights now, or undefined. What cannot be understood takes them too. */
export function barredAccount(
  entry: LdapEntry,
  checks: readonly AccountCheck[],
  now: number,
): string | undefined {
  for (const check of checks) {
    for (const value of entry.values(check)) {
      const because = WAYS[check](value, now);
      if (because !== undefined) return `${because} (${check})`;
    }
  }
  return undefined;
}

function whole(value: string, decide: (number: number) => string | undefined): string | undefined {
  return /^\d+$/.test(value) ? decide(Number(value)) : 'its account cannot be understood';
}
