import type { ZoneName } from '../../domain/ids.ts';
import type { Doorbell, OpRef } from '../journal/journal.ts';
import { attend } from './attend.ts';
import type { Engine } from './engine.ts';
import { startReconciler } from './reconciler.ts';

/** Calls the handler for each ring of a zone, several at a time; `close` waits for those under way, within its limit. */
export type AnswerDoorbell = (
  zone: ZoneName,
  handler: (ref: OpRef) => Promise<void>,
) => { close(limitMs: number): Promise<void> };

export interface WorkerOptions {
  readonly engine: Engine;
  readonly zone: ZoneName;
  readonly doorbell: Doorbell;
  readonly answer: AnswerDoorbell;
  /** How often to look for operations that are due and that nobody came for. */
  readonly reconcileMs: number;
}

export interface Worker {
  /** Stops taking work, and leaves each operation at the next border between two calls. */
  stop(limitMs: number): Promise<void>;
}

export function startWorker(options: WorkerOptions): Worker {
  const { engine, zone, doorbell, answer, reconcileMs } = options;
  let stopping = false;
  const reconciler = startReconciler({
    journal: engine.journal,
    doorbell,
    zone,
    everyMs: reconcileMs,
    report: (problem) => engine.report(problem, undefined),
  });

  const answering = answer(zone, async (ref) => {
    if (stopping) return;
    const attended = await attend(engine, ref, { stopping: () => stopping });
    if (attended?.dueInMs != null) reconciler.soon(attended.dueInMs);
  });

  return {
    async stop(limitMs) {
      stopping = true;
      await answering.close(limitMs);
      reconciler.stop();
    },
  };
}
