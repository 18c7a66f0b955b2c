import { setTimeout as delay } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';
import * as z from 'zod';
import { rootMessage } from '../../domain/failure.ts';
import { OpId, ZoneName } from '../../domain/ids.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';
import { bellOf } from './bell-name.ts';
import { type DoorbellOptions, telemetryOf } from './bullmq-doorbell.ts';

const Look = z.strictObject({ op: OpId, zone: ZoneName });

type Handler = (ref: OpRef, signal: AbortSignal) => Promise<void>;

export interface AnswerOptions extends DoorbellOptions {
  readonly zone: ZoneName;
  /** How many operations at a time. */
  readonly concurrency: number;
  /** What it throws is logged; whether to look again is the journal's business. */
  readonly handler: Handler;
}

export interface Answering {
  /** It is connected and takes what is rung for. */
  isTaking(): boolean;
  /** Takes nothing new, waits that long for what is under way, then aborts it and leaves. */
  close(withinMs: number): Promise<void>;
}

/** Answers the rings of one zone until it is closed. */
export function answerDoorbell(options: AnswerOptions): Answering {
  const { store, zone, concurrency, handler, log, tracing, prefix = 'sb:' } = options;
  const { name, ...under } = bellOf(zone, prefix);
  const connection = store.connection('blocking');
  // BullMQ gives the signal only to a processor that declares three parameters, and one with a default does not count.
  const processor = async (job: Job, _token?: string, signal?: AbortSignal) => {
    const left = signal ?? NEVER;
    // A handler that does not heed its signal must not keep the worker from leaving; its lease will run out.
    await Promise.race([handler(Look.parse(job.data), left), rejection(left)]);
  };
  const worker = new Worker(name, processor, {
    connection,
    concurrency,
    ...under,
    ...LEASED,
    ...telemetryOf(tracing),
  });
  worker.on('error', (error) => log(`answering for ${zone}: ${rootMessage(error)}`));
  worker.on('failed', (job, error) => log(`looking at ${job?.id}: ${rootMessage(error)}`));
  return {
    isTaking: () => worker.isRunning() && connection.status === 'ready',
    async close(withinMs) {
      await leave(worker, withinMs);
      connection.disconnect();
    },
  };
}

/** For BullMQ to take note of what was cancelled. */
const GRACE_MS = 2_000;

const NEVER = new AbortController().signal;

/** A job that lost its worker is never run again by BullMQ: the journal knows what is due. */
const LEASED = { maxStalledCount: 0, lockDuration: 15_000, stalledInterval: 5_000 } as const;

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Also when the store is gone, where BullMQ alone would wait until it is back. */
async function leave(worker: Worker, withinMs: number): Promise<void> {
  const limit = new AbortController();
  const cancel = setTimeout(() => worker.cancelAllJobs('the worker leaves'), withinMs);
  const givenUp = delay(withinMs + GRACE_MS, undefined, { signal: limit.signal });
  await Promise.race([worker.close(), givenUp.catch(() => {})]);
  clearTimeout(cancel);
  limit.abort();
}
