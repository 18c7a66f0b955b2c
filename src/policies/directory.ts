import type { GroupName, UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';

/** The directory that could not be asked, as it is named in the configuration. */
export interface DirectorySilence {
  readonly kind: 'unavailable';
  readonly directory: string;
  readonly because: string;
}

/** The directory answered, and there is no such thing there. */
export interface NotThere {
  readonly kind: 'nobody';
  readonly because: string;
  readonly next: string;
  /** An entry has it, or several have, and it gives nobody rights: nobody else may have it either. */
  readonly isTaken?: true;
}

/** An answer that carries why. "Could not be asked" is neither somebody nor nobody. */
export type Identified =
  | { readonly kind: 'person'; readonly person: Person }
  | NotThere
  | DirectorySilence;

export interface SshKey {
  /** As OpenSSH names it: `ssh-ed25519`. */
  readonly type: string;
  /** As OpenSSH prints it: `SHA256:…`. */
  readonly fingerprint: string;
}

export interface Member {
  readonly id: UserId;
  readonly keys: readonly SshKey[];
  /** Why they have no rights although they are a member: `its account is locked`. */
  readonly barred?: string;
}

export type Members =
  | { readonly kind: 'members'; readonly members: readonly Member[] }
  | NotThere
  | DirectorySilence;

/** `cached` is good enough for talk; approvals and points of no return ask `fresh`. */
export type Freshness = 'cached' | 'fresh';

/** Who people are and which groups they are in. Never throws for an outage: that is an answer of its own. */
export interface Directory {
  /** The person to whom a network's vouched-for id belongs. An id that two entries claim belongs to nobody. */
  identify(network: string, id: string, freshness: Freshness): Promise<Identified>;
  person(id: UserId, freshness: Freshness): Promise<Identified>;
  /** Everybody in a group, also through groups inside it; each once, by name. */
  membersOf(group: GroupName, freshness: Freshness): Promise<Members>;
}
