import type { ZoneName } from '../../../domain/ids.ts';
import type { Mark } from './mark.ts';
import type { MarkFile } from './mark-file.ts';
import type { RedisHistory } from './redis-history.ts';

/** What was seen less than that before a crash is not remembered. */
const REMEMBERED_WITHIN_MS = 1_000;
const CHECKED_EVERY_MS = 30_000;

/** Sees that the store is the one it was. */
export interface StoreGuard {
  /** Resolves once the store is known to be the one it was, or to be read-only. A Failure when it does not answer. */
  pass(): Promise<void>;
  /** True as long as the connection has not broken since it was looked at. */
  isOpen(): boolean;
  /** The connection broke: what answers next may be another store. */
  doubt(): void;
  /** The newest counts, whoever appended it: an older one may still be there when that is lost. */
  saw(zone: ZoneName, mark: Mark): void;
  /** Writes down what was seen. */
  stop(): Promise<void>;
}

export interface GuardOptions {
  readonly history: RedisHistory;
  /** Absent where nothing is remembered from one start to the next. */
  readonly file?: MarkFile;
  /** What is closed when the store turns out to be another one. */
  readonly zones: () => readonly ZoneName[];
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

/** Looks at the store at once, whenever its connection was made anew, and now and then. */
export async function guardStore(options: GuardOptions): Promise<StoreGuard> {
  const { history, file, zones, now, log } = options;
  const seen = new Map<ZoneName, Mark>(await file?.read());
  let isOpen = false;
  let doubts = 0;
  let checking: Promise<void> | undefined;
  let unwritten = false;
  let writing: Promise<void> = Promise.resolve();

  /** Nothing passes before it is over, nor after it where the connection broke meanwhile. */
  async function check(): Promise<void> {
    const before = doubts;
    try {
      for (const [zone, mark] of seen) await checkZone(zone, mark);
      isOpen = doubts === before;
    } catch (problem) {
      isOpen = false;
      throw problem;
    }
  }

  async function checkZone(zone: ZoneName, mark: Mark): Promise<void> {
    const contradiction = await history.contradiction(zone, mark);
    if (contradiction === undefined) return;
    const because = `${contradiction}: it went backwards, or is another one`;
    log(`the store is read-only from now on: ${because}`);
    await history.close([...new Set([zone, ...zones()])], { since: now(), because });
  }

  function write(): Promise<void> {
    if (!unwritten || file === undefined) return writing;
    unwritten = false;
    writing = writing.then(() => file.write(seen)).catch((problem) => log(String(problem)));
    return writing;
  }

  const writer = setInterval(() => void write(), REMEMBERED_WITHIN_MS);
  const checker = setInterval(() => void check().catch(() => {}), CHECKED_EVERY_MS);
  for (const timer of [writer, checker]) timer.unref();
  await check();
  return {
    isOpen: () => isOpen,
    doubt() {
      doubts += 1;
      isOpen = false;
    },
    async pass() {
      while (!isOpen) {
        checking ??= check().finally(() => {
          checking = undefined;
        });
        await checking;
      }
    },
    saw(zone, mark) {
      if (mark.at < (seen.get(zone)?.at ?? 0)) return;
      seen.set(zone, mark);
      unwritten = true;
    },
    async stop() {
      clearInterval(writer);
      clearInterval(checker);
      await write();
    },
  };
}
