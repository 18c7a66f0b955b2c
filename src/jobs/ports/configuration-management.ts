import type { HostName } from '../../domain/ids.ts';
import type { Playbook } from '../../domain/inventory.ts';

/** What became of one task on one host. Known secrets are replaced, and long texts cut. */
export interface TaskReport {
  readonly host: string;
  readonly task: string;
  /** `ignored` is a failure that the playbook says to pass over. */
  readonly outcome: 'ok' | 'changed' | 'failed' | 'ignored' | 'skipped' | 'unreachable';
  /** What the task said of itself, in one line. */
  readonly says?: string;
  /** What it changed, or would change: lines as of `diff -u`. */
  readonly diff?: string;
  /** Of a task that changed something, or would. */
  readonly change?: TaskChange;
  /** It was skipped only because a preview cannot tell what it would do. */
  readonly unseen?: true;
  /** While it runs, something on the host is likely to be away: it is a handler, or restarts a service or the host. */
  readonly restarts?: true;
}

export interface TaskChange {
  /** Paths of what it is about, where it is about files. */
  readonly files: readonly string[];
  /** Lines of the whole diff, also where what is kept of it was cut. */
  readonly added: number;
  readonly removed: number;
  /** SHA-256 over the whole diff. The same change has the same one whenever and wherever it is previewed. */
  readonly digest: string;
}

/** How often each of them was the outcome of a task on the host. */
export interface TaskCounts {
  readonly ok: number;
  readonly changed: number;
  readonly skipped: number;
}

/** A run that came to its own end. Every kind but `ok` and `changed` needs a person. */
export type PlaybookEnd =
  | { readonly kind: 'ok'; readonly counts: TaskCounts }
  /** In a preview: so much would change. */
  | { readonly kind: 'changed'; readonly counts: TaskCounts }
  /** What ran before that task was done; it stays. */
  | { readonly kind: 'failed'; readonly task: string; readonly because: string }
  /** `midway` where it was lost after its first task: then the task that was running may still be. */
  | { readonly kind: 'unreachable'; readonly because: string; readonly midway: boolean }
  /** No play of it is meant for this host: nothing was done there. */
  | { readonly kind: 'no-hosts-matched' };

export interface PlaybookWatch {
  /** Told every task as it ends, in order. */
  readonly onTask?: (report: TaskReport) => void;
}

/** What planning may ask. Reads only. */
export interface ConfigurationReads {
  /** Whether that file is there at that commit. Reads only, and reaches no host; a Failure says what is missing. */
  check(playbook: Playbook, signal: AbortSignal): Promise<void>;
  /**
   * Tells what `apply` would change, and changes nothing but what a playbook does even then (`check_mode: false`). It is
   * blind to what a task only finds out by acting: commands are skipped, and tasks that need their results may fail
   * here and not there.
   */
  preview(
    host: HostName,
    playbook: Playbook,
    watch: PlaybookWatch,
    signal: AbortSignal,
  ): Promise<PlaybookEnd>;
}

/**
 * Playbooks, each at a commit that does not move. A run that did not come to its own end, because it was told to stop,
 * took too long or crashed, throws a Failure: with effect `none` as long as no task had begun, `unknown` after that. An
 * abort ends everything that the run has started on this machine before the promise settles; what it had begun on the
 * host may go on for a moment. Playbooks are written so that they may run again.
 */
export interface ConfigurationManagement extends ConfigurationReads {
  /** Runs it on one host. Run again, it puts right what is not as it says and leaves the rest alone. */
  apply(
    host: HostName,
    playbook: Playbook,
    watch: PlaybookWatch,
    signal: AbortSignal,
  ): Promise<PlaybookEnd>;
}
