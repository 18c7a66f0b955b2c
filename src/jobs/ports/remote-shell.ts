import type { HostName } from '../../domain/ids.ts';

export interface RemoteCommand {
  /** Words, never a line: they are quoted in one place. */
  readonly argv: readonly string[];
  readonly stdin?: string | Uint8Array;
  /** Through `sudo -n` where the host's SSH access says so. */
  readonly asRoot?: boolean;
  readonly timeoutMs?: number;
}

export interface RemoteResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** More came than is kept; the middle is missing. */
  readonly truncated: boolean;
}

export interface RemoteFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Octal, e.g. `0600`. */
  readonly mode: string;
  /** `user` or `user:group`. */
  readonly owner: string;
}

/**
 * A record on the target itself, made atomically, of who runs what there. It holds epoch, boot id and at the end the
 * exit code; a call with an older epoch than one seen there for the same operation is refused.
 */
export interface ClaimName {
  readonly op: string;
  readonly step: string;
  readonly attempt: number;
  /** Tells several commands of one step apart. */
  readonly part: string;
  readonly epoch: number;
}

export type ClaimedRun =
  | { readonly kind: 'running' }
  | { readonly kind: 'exited'; readonly code: number; readonly output: string }
  /** The host was restarted, or the process is gone and left no exit code. */
  | { readonly kind: 'lost'; readonly because: string };

/**
 * Commands on one host. Implemented over node-ssh, over OpenSSH's ssh and by a simulator. A connection lost in the middle
 * of a command throws a Failure with effect `unknown`; one that could not be made, effect `none`. A host key that is
 * unknown or has changed throws `ssh.host-key-unknown` or `ssh.host-key-changed`, with its fingerprint and the way to
 * accept it.
 */
export interface RemoteShell {
  /** Ends with the command; any exit code is a result, not a Failure. */
  run(host: HostName, command: RemoteCommand, signal: AbortSignal): Promise<RemoteResult>;
  /** Writes it beside the old one and renames it, so that a reader sees one or the other. `unchanged` when it was so already. */
  putFile(host: HostName, file: RemoteFile, signal: AbortSignal): Promise<'written' | 'unchanged'>;
  /**
   * Starts a detached command under a claim, or finds what came of it when that claim exists. A Failure with code
   * `ssh.claim-superseded` (effect `none`) when a newer epoch was there.
   */
  startClaimed(
    host: HostName,
    claim: ClaimName,
    command: RemoteCommand,
    signal: AbortSignal,
  ): Promise<ClaimedRun>;
  /**
   * What came of it; undefined when there is no such claim. Its own Failure has effect `none`, also while the command goes
   * on: whoever started it must not pass that on as theirs.
   */
  readClaimed(
    host: HostName,
    claim: ClaimName,
    signal: AbortSignal,
  ): Promise<ClaimedRun | undefined>;
  /** Drops pooled connections to a host that is about to go away. */
  forget(host: HostName): Promise<void>;
}
