import type { GroupName } from '../../../domain/ids.ts';

/** Attributes that say who is in a group: one of the person's own, and three of the group. */
export const MEMBERSHIPS = ['memberOf', 'member', 'uniqueMember', 'memberUid'] as const;
export type Membership = (typeof MEMBERSHIPS)[number];

/** Attributes that may take an account its rights. */
export const ACCOUNT_CHECKS = [
  'pwdAccountLockedTime',
  'nsAccountLock',
  'userAccountControl',
  'accountExpires',
  'shadowExpire',
  'loginShell',
] as const;
export type AccountCheck = (typeof ACCOUNT_CHECKS)[number];

export type LdapBind =
  | { readonly kind: 'password'; readonly dn: string /** Its name. */; readonly secret: string }
  | {
      readonly kind: 'certificate';
      readonly certificateFile: string;
      readonly keyFile: string;
    };

/** One LDAP directory: servers with the same content. */
export interface LdapSettings {
  readonly name: string;
  /** In the order in which they are tried. `ldaps:`, or `ldap:`, which begins with StartTLS and is never left plain. */
  readonly servers: readonly URL[];
  /** Whose certificates are trusted; those that Node trusts when absent. */
  readonly caFile?: string;
  readonly bind: LdapBind;
  readonly people: {
    readonly base: string;
    readonly filter: string;
    /** The attribute that is a person's id. */
    readonly id: string;
    /** The attribute that holds what a network vouches for, by network. */
    readonly networks: Readonly<Record<string, string>>;
    readonly sshKeys: string;
  };
  readonly groups: {
    readonly base: string;
    /** The groups that rules may name, and the entry that each is. No other group of the directory counts. */
    readonly confers: ReadonlyMap<GroupName, string>;
    readonly by: readonly Membership[];
    /** How many groups deep somebody may be; 1 is direct members alone. */
    readonly depth: number;
  };
  readonly barredBy: readonly AccountCheck[];
  /** Of each call. */
  readonly timeoutMs: number;
}
