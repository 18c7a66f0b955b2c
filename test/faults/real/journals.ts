import { Redis } from 'ioredis';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import type { OpId } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { Entry } from '../../../src/jobs/model/event.ts';
import { realRedis } from '../../servers/program/real-redis.ts';
import { stateOf, type Told } from '../invariants.ts';
import type { FaultSite } from './site.ts';

const MOST = 100;
const FEED_WITHIN_MS = 10_000;

export interface Journals {
  readonly refs: readonly OpRef[];
  readonly told: readonly Told[];
  readonly states: readonly ReturnType<typeof stateOf>[];
}

/** Every journal as it is now; reading one checks its chain. */
export async function readJournals({ journal }: Pick<FaultSite, 'journal'>): Promise<Journals> {
  const refs = await journal.recent(MOST);
  const told = await Promise.all(
    refs.map(async (ref) => ({ op: ref.op, entries: await journal.read(ref) })),
  );
  return { refs, told, states: told.map(stateOf) };
}

/** Every journal in a copy of Redis's data. */
export async function journalsIn(copy: string): Promise<readonly Told[]> {
  const redis = await realRedis({ from: copy });
  const connection = new Redis(redis.url, commandOptions).on('error', () => {});
  try {
    return (await readJournals({ journal: redisJournal(connection) })).told;
  } finally {
    connection.disconnect();
    await redis.close();
  }
}

/** All entries of all journals in the one order in which they came on record. Throws where the feed has not all of them. */
export async function inOrder(
  { journal }: Pick<FaultSite, 'journal'>,
  { told }: Journals,
): Promise<readonly { readonly op: OpId; readonly entry: Entry }[]> {
  const entries = new Map(
    told.flatMap(({ op, entries: own }) =>
      own.map((entry) => [`${op} ${entry.seq}`, { op, entry }]),
    ),
  );
  const found: { readonly op: OpId; readonly entry: Entry }[] = [];
  const missing = new Set(entries.keys());
  if (missing.size === 0) return [];
  const late = AbortSignal.timeout(FEED_WITHIN_MS);
  const over = new AbortController();
  for await (const { op, seq } of journal.feed('0', AbortSignal.any([late, over.signal]))) {
    const one = entries.get(`${op} ${seq}`);
    if (one !== undefined) found.push(one);
    missing.delete(`${op} ${seq}`);
    if (missing.size === 0) over.abort();
  }
  if (missing.size > 0) throw new Error(`the feed lacks ${[...missing].join(', ')}`);
  return found;
}
