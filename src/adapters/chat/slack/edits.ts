import { setTimeout as delay } from 'node:timers/promises';
import { backOff } from '../common/back-off.ts';
import type { Answer } from './web-api.ts';

export interface EditsOptions<What> {
  /** One call that replaces a message. */
  readonly send: (id: string, what: What) => Promise<Answer>;
  /** Between two edits of a message. */
  readonly everyMs: number;
  /** How long to go on while nobody knows. */
  readonly patienceMs: number;
  /** Of all waiting between tries. */
  readonly tempo: number;
  readonly signal: AbortSignal;
}

/** Edits each message as often as is allowed, to the newest that it shall be. */
export interface Edits<What> {
  /** Settles when this or something newer stands there, with how that went. */
  edit(id: string, what: What): Promise<Answer>;
}

interface Waiting<What> {
  what: What;
  readonly settled: PromiseWithResolvers<Answer>;
}

export function createEdits<What>(options: EditsOptions<What>): Edits<What> {
  const { send, everyMs, patienceMs, tempo, signal } = options;
  const next = new Map<string, Waiting<What>>();
  const running = new Set<string>();

  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);

  async function run(id: string): Promise<void> {
    running.add(id);
    for (let job = next.get(id); job !== undefined; job = next.get(id)) {
      next.delete(id);
      job.settled.resolve(await untilKnown(id, job));
      await pause(everyMs);
    }
    running.delete(id);
  }

  async function untilKnown(id: string, job: Waiting<What>): Promise<Answer> {
    const until = performance.now() + patienceMs;
    for (let failures = 0; ; failures += 1) {
      const answer = await send(id, job.what);
      if (answer.kind !== 'unknown' || performance.now() > until || signal.aborted) return answer;
      await pause(backOff(failures) * tempo);
      takeNewer(id, job);
    }
  }

  function takeNewer(id: string, job: Waiting<What>): void {
    const newer = next.get(id);
    if (newer === undefined) return;
    next.delete(id);
    job.what = newer.what;
    newer.settled.resolve(job.settled.promise);
  }

  return {
    edit(id, what) {
      const waiting = next.get(id);
      if (waiting !== undefined) {
        waiting.what = what;
        return waiting.settled.promise;
      }
      const settled = Promise.withResolvers<Answer>();
      next.set(id, { what, settled });
      if (!running.has(id)) void run(id);
      return settled.promise;
    },
  };
}
