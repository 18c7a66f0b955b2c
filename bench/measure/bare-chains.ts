import { Queue, Worker } from 'bullmq';
import type { Store } from '../../src/adapters/store/store.ts';
import { until } from '../site/until.ts';

export interface Chains {
  readonly count: number;
  readonly length: number;
  readonly concurrency: number;
}

const ONCE = { removeOnComplete: true, removeOnFail: true } as const;

/** Seconds that so many chains of bare BullMQ jobs take, each job adding the next one. Adding the first ones does not count. */
export async function runBareChains(store: Store, chains: Chains): Promise<number> {
  const { count, length, concurrency } = chains;
  const queue = new Queue('bare', { connection: store.connection('ringing') });
  await queue.waitUntilReady();
  const firsts = Array.from({ length: count }, (_, chain) => ({ chain, place: 1 }));
  await Promise.all(firsts.map((first) => queue.add('step', first, ONCE)));
  const began = performance.now();
  const worker = new Worker<{ chain: number; place: number }>(
    'bare',
    async ({ data: { chain, place } }) => {
      if (place < length) await queue.add('step', { chain, place: place + 1 }, ONCE);
    },
    { connection: store.connection('blocking'), concurrency },
  );
  let done = 0;
  worker.on('completed', () => {
    done += 1;
  });
  await until(() => done === count * length);
  const seconds = (performance.now() - began) / 1_000;
  await worker.close();
  await queue.close();
  return seconds;
}
