import { expect, it } from 'vitest';
import { embeddedStore } from '../../../../src/adapters/store/embedded-store.ts';
import { approved, OP, requested } from '../../../journal-conformance.ts';
import { redisUnderTest } from '../../../redis-under-test.ts';

const TTL = 15_000;

it('moves an operation past every epoch of a history that was lost, also when it has nothing to hear', async ({
  onTestFinished,
}) => {
  const store = await embeddedStore();
  onTestFinished(() => store.close());
  const { journal } = redisUnderTest(store);
  await journal.append(OP, { events: [requested, approved], by: 'engine', seq: 0 });
  const before = await journal.acquire(OP, 'w1', TTL);
  await journal.release(OP, 'w1', before?.epoch ?? 0, 0);
  await journal.append(OP, { events: [], by: 'engine', seq: 2, dueInMs: 0, evenReadOnly: true });
  const after = await journal.acquire(OP, 'w2', TTL);
  expect([before?.epoch, after?.epoch]).toEqual([1, 1_002]);
  expect(await journal.read(OP)).toHaveLength(2);
});
