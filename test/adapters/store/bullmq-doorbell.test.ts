import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answering,
  type AnswerOptions,
  answerDoorbell,
} from '../../../src/adapters/store/answer-doorbell.ts';
import {
  type BullmqDoorbell,
  bullmqDoorbell,
} from '../../../src/adapters/store/bullmq-doorbell.ts';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import type { Store } from '../../../src/adapters/store/store.ts';
import { OpId, ZoneName } from '../../../src/domain/ids.ts';
import { until } from '../../until.ts';

const STAGING = ZoneName.parse('staging');
const PRODUCTION = ZoneName.parse('production');
const OP = { op: OpId.parse('op-7k2m'), zone: STAGING };
const NEXT = { op: OpId.parse('op-8k2m'), zone: STAGING };

let store: Store;
let doorbell: BullmqDoorbell;
let answering: Answering[];
let lines: string[];
const log = (line: string) => void lines.push(line);

beforeEach(async () => {
  [answering, lines] = [[], []];
  store = await embeddedStore({ log });
  doorbell = bullmqDoorbell({ store, log });
});
afterEach(async () => {
  await Promise.all(answering.map((one) => one.close(1_000)));
  await doorbell.close();
  await store.close();
});

function answer(handler: AnswerOptions['handler'], more: Partial<AnswerOptions> = {}): Answering {
  const one = answerDoorbell({ store, log, zone: STAGING, concurrency: 2, handler, ...more });
  answering.push(one);
  return one;
}

/** A handler that stays until it is let go. */
function staying() {
  const seen: AbortSignal[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const handler = (_: unknown, signal: AbortSignal) => {
    seen.push(signal);
    return promise;
  };
  return { handler, seen, letGo: resolve };
}

describe('the doorbell over BullMQ', () => {
  it('tells a worker of the zone which operation to look at, and no other worker', async () => {
    const here: unknown[] = [];
    const there: unknown[] = [];
    answer(async (ref) => void here.push(ref));
    answer(async (ref) => void there.push(ref), { zone: PRODUCTION });
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await until(() => here.length === 1);
    await doorbell.ring({ op: NEXT.op, zone: PRODUCTION, seq: 1, epoch: 0 });
    await until(() => there.length === 1);
    expect([here, there]).toEqual([[OP], [{ op: NEXT.op, zone: PRODUCTION }]]);
  });

  it('can be rung again after the same ring was answered, or its answer failed', async () => {
    let times = 0;
    answer(async () => {
      times += 1;
      if (times === 1) throw new Error('the store went away');
    });
    for (const expected of [1, 2, 3]) {
      await until(async () => {
        await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
        return times >= expected;
      });
    }
    expect(lines).toEqual(['looking at op-7k2m-1-0: the store went away']);
  });

  it('looks once when it is rung twice for the same entry', async () => {
    const { handler, seen, letGo } = staying();
    answer(handler);
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await doorbell.ring({ ...NEXT, seq: 1, epoch: 0 });
    await until(() => seen.length === 2);
    letGo();
    expect(seen).toHaveLength(2);
  });

  it('gives as many operations at a time as it was told', async () => {
    const { handler, seen, letGo } = staying();
    answer(handler, { concurrency: 1 });
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await doorbell.ring({ ...NEXT, seq: 1, epoch: 0 });
    await until(() => seen.length === 1);
    letGo();
    await until(() => seen.length === 2);
  });

  it('waits for what is under way when it leaves', async () => {
    const { handler, seen, letGo } = staying();
    const worker = answer(handler);
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await until(() => seen.length === 1);
    const closed = worker.close(60_000);
    letGo();
    await closed;
    expect(seen[0]?.aborted).toBe(false);
  });

  it('aborts what is still under way after the limit, and leaves', async () => {
    const { handler, seen } = staying();
    const worker = answer(handler);
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await until(() => seen.length === 1);
    await worker.close(10);
    expect(seen[0]?.aborted).toBe(true);
    expect(lines).toEqual(['looking at op-7k2m-1-0: the worker leaves']);
  });

  it('is no error for who rings when the store is gone, but it is logged', async () => {
    await doorbell.ring({ ...OP, seq: 1, epoch: 0 });
    await store.close();
    await doorbell.ring({ ...OP, seq: 2, epoch: 0 });
    expect(lines.join('\n')).toMatch(/op-7k2m was not rung for: /);
  });
});
