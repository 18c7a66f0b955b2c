import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId, ZoneName } from '../../domain/ids.ts';
import type { FeedItem } from '../../jobs/journal/journal.ts';
import { blockingOptions } from './connection.ts';
import { reading } from './store-failure.ts';

const AT_ONCE = 256;
const BLOCK_MS = 2_000;

export const FeedEntry = z
  .tuple([
    z.string(),
    z.tuple([
      z.literal('op'),
      OpId,
      z.literal('zone'),
      ZoneName,
      z.literal('seq'),
      z.coerce.number(),
    ]),
  ])
  .transform(([cursor, [, op, , zone, , seq]]): FeedItem => ({ cursor, op, zone, seq }));
const Batch = z.tuple([z.tuple([z.string(), z.array(FeedEntry)])]).nullable();

/**
 * Follows the feed on a connection of its own, made at the first step and closed at the last. A lost connection is made
 * anew, however long that takes, and the reading goes on where it was.
 */
export async function* redisFeed(
  redis: Redis,
  key: string,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<FeedItem> {
  if (signal.aborted) return;
  const connection = redis.duplicate(blockingOptions);
  // Each failing command says so itself.
  connection.on('error', () => {});
  const close = () => connection.disconnect();
  signal.addEventListener('abort', close);
  try {
    for (let cursor = start; !signal.aborted; ) {
      for (const item of await nextBatch(connection, key, cursor, signal)) {
        if (signal.aborted) return;
        cursor = item.cursor;
        yield item;
      }
    }
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

async function nextBatch(connection: Redis, key: string, cursor: string, signal: AbortSignal) {
  try {
    const reply = reading(
      connection.xread('COUNT', AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', key, cursor),
    );
    return Batch.parse(await unlessAborted(reply, signal))?.[0][1] ?? [];
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

/** A connection that is closed between two tries to make it leaves what was asked of it unanswered for ever. */
async function unlessAborted<T>(reply: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  const over = Promise.withResolvers<null>();
  const end = () => over.resolve(null);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([reply, over.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
