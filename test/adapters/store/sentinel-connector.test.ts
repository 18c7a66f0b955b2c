import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { storeAddress } from '../../../src/adapters/store/store-address.ts';
import { until } from '../../until.ts';
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
  await until(() => sentinel.listeners() > 0 && redis.status === 'ready', 10_000);
  sentinel.hold();
  sentinel.drop();
  await until(() => sentinel.held() > 0, 10_000);
  sentinel.saysThatItSwitched();
  await until(() => sentinel.listeners() === 0, 10_000);
  sentinel.letGo();
  await until(() => redis.status === 'ready', 10_000);
  expect(await redis.ping()).toBe('OK');
});
