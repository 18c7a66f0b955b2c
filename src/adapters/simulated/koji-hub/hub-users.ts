/** Somebody the hub knows. */
export interface HubUser {
  readonly name: string;
  /** Only users with one can log in with `login`. */
  readonly password?: string;
  /** Kerberos principals that are this user. */
  readonly principals?: readonly string[];
  /** Names of koji's permissions, e.g. `host`, `admin`. */
  readonly permissions: readonly string[];
}
