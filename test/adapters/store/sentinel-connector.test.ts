import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { storeAddress } from '../../../src/adapters/store/store-address.ts';
import { fakeSentinel } from './fake-sentinel.ts';

test('a connection that is being made anew when a failover is told of is made', async () => {
  const sentinel = await fakeSentinel();
  const redis = new Redis({
    ...storeAddress({ REDIS_URL: sentinel.url })?.options,
    ...commandOptions,
    replyMapping: 'legacy',
  }).on('error', () => {});
  onTestFinished(() => {
    redis.disconnect();
    sentinel.close();
  });
  await vi.waitUntil(() => sentinel.listeners() > 0 && redis.status === 'ready', 10_000);
  sentinel.hold();
  sentinel.drop();
  await vi.waitUntil(() => sentinel.held() > 0, 10_000);
  sentinel.saysThatItSwitched();
  await vi.waitUntil(() => sentinel.listeners() === 0, 10_000);
  sentinel.letGo();
  await vi.waitUntil(() => redis.status === 'ready', 10_000);
  expect(await redis.ping()).toBe('OK');
});
