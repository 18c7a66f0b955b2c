import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually.ts';
import { killed } from './killed.ts';
import { lastingPort } from './lasting-port.ts';
import { withUs } from './with-us.ts';

/** A real redis-server with a folder of its own, which keeps everything it acknowledges unless told otherwise. */
export interface RealRedis {
  readonly url: string;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** Again, in the same place and with the same data. */
  start(): Promise<void>;
  /** A copy of its data as they are on disk now. */
  copy(): Promise<string>;
  /** While it is killed: a copy in the place of what it has; `undefined` is nothing. */
  replace(copy: string | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface RealRedisOptions {
  readonly appendonly?: 'yes' | 'no';
  /** More lines for its configuration. */
  readonly lines?: readonly string[];
  /** `user:password`, where nobody else may ask it whether it is up. */
  readonly login?: string;
  /** A copy of another one's data to begin with. */
  readonly from?: string;
}

export async function realRedis(options: RealRedisOptions = {}): Promise<RealRedis> {
  const { login, from } = options;
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-redis-'));
  const port = await lastingPort();
  const url = `redis://${login ? `${login}@` : ''}127.0.0.1:${port}`;
  const copies: string[] = [];
  if (from !== undefined) await cp(from, folder, { recursive: true });
  let server: ChildProcess | undefined;

  async function start() {
    server = spawn(...withUs('redis-server', '-'), { stdio: ['pipe', 'ignore', 'ignore'] });
    server.stdin?.end(configuration(folder, port, options));
    await eventually(() => answers(url));
  }

  const kill = () => killed(server);

  await start();
  return {
    url,
    start,
    kill,
    async copy() {
      const copy = await mkdtemp(join(tmpdir(), 'signalbox-copy-'));
      copies.push(copy);
      await cp(folder, copy, { recursive: true });
      return copy;
    },
    async replace(copy) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      if (copy !== undefined) await cp(copy, folder, { recursive: true });
    },
    async close() {
      await kill();
      for (const copy of copies) await rm(copy, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(
  folder: string,
  port: number,
  { appendonly = 'yes', lines = [] }: RealRedisOptions,
): string {
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir "${folder}"`,
    `logfile "${join(folder, 'redis.log')}"`,
    `appendonly ${appendonly}`,
    'appendfsync always',
    'save ""',
    'maxmemory-policy noeviction',
    ...lines,
    '',
  ].join('\n');
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
