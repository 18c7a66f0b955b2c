import type { GroupName, UserId } from '../../domain/ids.ts';
import type { Freshness, Member } from '../../policies/directory.ts';

/** Somebody who has the id that was asked about. */
export type Claimant = {
  /** Where they stand there, for whoever has to mend it: `ana`, `uid=ana,ou=people,dc=example,dc=org`. */
  readonly entry: string;
} & (
  | { readonly id: UserId; readonly barred?: undefined }
  /** Why they have no rights. */
  | { readonly id?: UserId; readonly barred: string }
);

export type KnownPerson = Claimant & { readonly groups: readonly GroupName[] };

/** One place that people come from. Every question throws `DirectoryUnavailable` where there is no answer. */
export interface PeopleSource {
  /** As it is named in what people read. */
  readonly name: string;
  /** Everybody there with an id of a network. */
  claimants(network: string, id: string, freshness: Freshness): Promise<readonly Claimant[]>;
  /** Everybody there with that id of a person: more than one is a mistake that somebody has to mend. */
  people(id: UserId, freshness: Freshness): Promise<readonly KnownPerson[]>;
  /** Whether being in this group is decided there, and nowhere else. */
  confers(group: GroupName): boolean;
  members(group: GroupName, freshness: Freshness): Promise<readonly Member[]>;
  /** What somebody does so that an id of a network is found, in the imperative; undefined where it never could be. */
  toAddId(network: string, id: string): string | undefined;
  toAddPerson(id: UserId): string;
}

export class DirectoryUnavailable extends Error {
  override readonly name = 'DirectoryUnavailable';
  readonly directory: string;

  constructor(directory: string, because: string, cause?: unknown) {
    super(because, { cause });
    this.directory = directory;
  }
}
