import { keepLooking } from '../../bot/keep-looking.ts';
import type { ReloadRequests, WorkerReport } from '../../bot/reload-requests.ts';
import type { Reloaded } from '../../bot/reloading.ts';
import type { ZoneName } from '../../domain/ids.ts';

const LOOK_EVERY_MS = 1_000;
const TELL_EVERY_MS = 10_000;

export interface FollowOptions {
  readonly requests: ReloadRequests;
  readonly zone: ZoneName;
  readonly worker: string;
  readonly reload: (because: string) => Promise<Reloaded>;
  /** Of the inventory in use. */
  readonly revision: () => string;
  /** Why the last reload was refused, whoever asked for it; empty when it was taken. */
  readonly refused: () => readonly string[];
  /** By the store's clock. */
  readonly now: () => number;
  readonly report: (problem: unknown) => void;
}

/**
 * Reloads when somebody asks the workers of a zone to, also when that was while this one was away, and says in the store
 * what it works with. It does not know how old its configuration is when it begins, so it follows an earlier request too.
 */
export function followRequests(options: FollowOptions): { stop(): Promise<void> } {
  const { requests, zone, worker, report } = options;
  let answered = 0;
  let told: WorkerReport | undefined;

  async function look(): Promise<void> {
    const newest = await requests.newest(zone);
    if (newest !== answered) {
      await options.reload(`request ${newest} to the workers of ${zone}`);
      answered = newest;
    }
    const now = reportOf(options, answered);
    if (isNews(now, told)) {
      await requests.tell(zone, now);
      told = now;
    }
  }

  const looking = keepLooking(look, LOOK_EVERY_MS, report);
  return {
    async stop() {
      await looking.stop();
      await requests.leave(zone, worker).catch(report);
    },
  };
}

function reportOf(
  { worker, now, revision, refused }: FollowOptions,
  answered: number,
): WorkerReport {
  return { worker, at: now(), inventory: revision(), answered, refused: refused() };
}

function isNews(now: WorkerReport, told: WorkerReport | undefined): boolean {
  if (told === undefined || now.at >= told.at + TELL_EVERY_MS) return true;
  return JSON.stringify({ ...now, at: 0 }) !== JSON.stringify({ ...told, at: 0 });
}
