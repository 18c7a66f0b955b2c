import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisFeed } from '../../../src/adapters/store/redis-feed.ts';

/** A store that hangs up on whoever comes; it tells of each that is gone. */
async function hangsUp() {
  const server = createServer((socket: Socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

it('ends when it is told to between two tries to reach the store', async ({ onTestFinished }) => {
  const { server, port } = await hangsUp();
  onTestFinished(() => void server.close());
  const redis = new Redis({ port, lazyConnect: true }).on('error', () => {});
  const over = new AbortController();
  const next = redisFeed(redis, 'feed', '0', over.signal).next();
  for (let tries = 0; tries < 3; tries += 1) await once(server, 'connection');
  // The last one is gone on both sides, and the next one is a while away.
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  over.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
