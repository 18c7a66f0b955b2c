import { randomUUID } from 'node:crypto';
import { journalKeys } from '../src/adapters/store/journal-keys.ts';
import { redisJournal } from '../src/adapters/store/redis-journal.ts';
import type { Store } from '../src/adapters/store/store.ts';
import { digestOfText } from '../src/jobs/journal/digest-of-text.ts';
import type { Journal } from '../src/jobs/journal/journal.ts';
import type { JournalUnderTest } from './journal-conformance.ts';

/** A journal in a corner of its own of a store, seen through two connections. */
export function redisUnderTest(store: Store): JournalUnderTest {
  const prefix = `test-${randomUUID()}:`;
  const keys = journalKeys(prefix);
  const [redis, second] = [store.connection('commands'), store.connection('commands')];
  const journal = redisJournal(redis, { prefix });
  return {
    journal,
    other: redisJournal(second, { prefix }),
    pass: (ms) => pass(journal, ms),
    async tamper(ref, seq, change) {
      const changed = change((await redis.lindex(keys.entries(ref), seq)) ?? '');
      if (changed !== undefined) await redis.lset(keys.entries(ref), seq, changed);
      else await redis.ltrim(keys.entries(ref), 0, seq - 1);
    },
    async rewriteLast(ref, change) {
      const text = change((await redis.lindex(keys.entries(ref), -1)) ?? '');
      await redis.lset(keys.entries(ref), -1, text);
      const head = JSON.parse((await redis.hget(keys.heads(ref.zone), ref.op)) ?? '');
      const agreeing = JSON.stringify({ ...head, digest: digestOfText(text) });
      await redis.hset(keys.heads(ref.zone), ref.op, agreeing);
    },
    async close() {
      redis.disconnect();
      second.disconnect();
    },
  };
}

/** Until the store's own clock says so. */
async function pass(journal: Journal, ms: number): Promise<void> {
  for (const end = (await journal.now()) + ms; (await journal.now()) < end; );
}
