import type { RedisOptions } from 'ioredis';

/** A line that a firewall forgot tells nobody: without this the system tries it for a quarter of an hour. Counts while an answer is due. */
const SILENT_FOR_MS = 10_000;

const retryStrategy = (times: number) => Math.min(50 * times, 1_000);

/**
 * For reads and scripts. A command whose connection breaks fails at once and is never sent again: the first one may have
 * been carried out. (0 retries is what does it. `autoResendUnfulfilledCommands: false` would leave it unanswered for ever.)
 * What is asked for while the connection is being made anew waits for that one try. No auto-pipelining: it holds commands
 * back until the answers of the batch before are in, which halves what a store gets done that syncs each write to disk.
 */
export const commandOptions = {
  maxRetriesPerRequest: 0,
  commandTimeout: 5_000,
  socketTimeout: SILENT_FOR_MS,
  connectTimeout: 5_000,
  retryStrategy,
} as const satisfies RedisOptions;

/**
 * For what waits in the server: reading the feed, and BullMQ's workers. Reading again is harmless, so they wait for the
 * connection to come back. A server that fell silent without closing is noticed by the socket's time limit.
 */
export const blockingOptions = {
  maxRetriesPerRequest: null,
  commandTimeout: undefined,
  socketTimeout: 15_000,
  connectTimeout: 5_000,
  retryStrategy,
} as const satisfies RedisOptions;

/** For ringing: an answer now, or none. */
export const ringingOptions = {
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  socketTimeout: SILENT_FOR_MS,
  connectTimeout: 5_000,
  retryStrategy,
} as const satisfies RedisOptions;
