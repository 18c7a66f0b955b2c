import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that the kernel gives out by itself, so that no connection takes one before its server does. */
const FIRST = 10_000;
const OF_ONE_WORKER = 1_000;
const MOST_WORKERS = 20;

const given = new Set<number>();

/** A port of loopback that nobody has at this moment, and that no other test is given meanwhile. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0) % MOST_WORKERS;
  for (;;) {
    const port = FIRST + worker * OF_ONE_WORKER + randomInt(OF_ONE_WORKER);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

export function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer()
    .once('error', () => resolve(false))
    .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
