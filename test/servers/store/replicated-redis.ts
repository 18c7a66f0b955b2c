import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { lastingPort } from '../program/lasting-port.ts';
import type { RealRedis } from '../program/real-redis.ts';
import { withUs } from '../program/with-us.ts';

const NAME = 'farm';

/** A primary, two replicas and three Sentinels, each a server of its own. Its url is that of the Sentinels. */
export interface ReplicatedRedis extends RealRedis {
  /** The servers that were replicas at first. */
  readonly replicas: readonly Server[];
  /** Where the Sentinels see the primary. */
  primaryPort(): Promise<number>;
  /** Until another server is the primary and has a replica again. */
  failedOver(): Promise<void>;
}

interface Server {
  readonly port: number;
  readonly child: ChildProcess;
}

export async function replicatedRedis(): Promise<ReplicatedRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-sentinel-'));
  const running: ChildProcess[] = [];

  async function server(lines: readonly string[], ...args: string[]): Promise<Server> {
    const port = await lastingPort();
    const dir = join(folder, String(port));
    await mkdir(dir);
    const file = join(dir, 'server.conf');
    const base = [`port ${port}`, 'bind 127.0.0.1', `dir "${dir}"`, `logfile "${dir}/log"`];
    await writeFile(file, `${[...base, ...lines].join('\n')}\n`);
    const child = spawn(...withUs('redis-server', file, ...args), { stdio: 'ignore' });
    running.push(child);
    await eventually(async () => (await ask(port, 'PING')) === 'PONG');
    return { port, child };
  }

  const primary = await server(DURABLE);
  const replicaOf = [...DURABLE, `replicaof 127.0.0.1 ${primary.port}`];
  const replicas = await Promise.all([server(replicaOf), server(replicaOf)]);
  const following = (port: number) => async () => (await slaves(port)) >= replicas.length;
  await eventually(following(primary.port));
  const watching = sentinelLines(primary.port);
  const sentinels = await Promise.all([1, 2, 3].map(() => server(watching, '--sentinel')));
  const known = (port: number) => async () =>
    fieldOf(await ask(port, 'SENTINEL', 'MASTER', NAME), 'num-other-sentinels') === '2' &&
    fieldOf(await ask(port, 'SENTINEL', 'MASTER', NAME), 'num-slaves') === '2';
  for (const { port } of sentinels) await eventually(known(port));
  const places = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const primaryPort = async () => {
    const place = await ask(sentinels[0]?.port ?? 0, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
    return Number((place as string[])[1]);
  };

  return {
    url: `redis+sentinel://${places}/${NAME}`,
    replicas,
    primaryPort,
    kill: () => killed(primary.child),
    start: doesNotComeBack,
    copy: doesNotComeBack,
    replace: doesNotComeBack,
    async failedOver() {
      await eventually(async () => {
        const port = await primaryPort();
        return port !== primary.port && (await slaves(port)) > 0;
      });
    },
    async close() {
      await Promise.all(running.map(killed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const DURABLE = [
  'appendonly yes',
  'appendfsync always',
  'save ""',
  'maxmemory-policy noeviction',
  'min-replicas-to-write 1',
  'repl-diskless-sync-delay 0',
];

function sentinelLines(port: number): readonly string[] {
  return [
    `sentinel monitor ${NAME} 127.0.0.1 ${port} 2`,
    `sentinel down-after-milliseconds ${NAME} 1000`,
    `sentinel failover-timeout ${NAME} 6000`,
  ];
}

async function slaves(port: number): Promise<number> {
  const info = String(await ask(port, 'INFO', 'replication'));
  return info.match(/state=online/g)?.length ?? 0;
}

/** Undefined where nobody answers. */
async function ask(port: number, name: string, ...args: string[]): Promise<unknown> {
  const options = { lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null };
  const redis = new Redis({ port, host: '127.0.0.1', ...options });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await redis.call(name, ...args);
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}

function fieldOf(flat: unknown, name: string): unknown {
  return Array.isArray(flat) ? flat[flat.indexOf(name) + 1] : undefined;
}

async function doesNotComeBack(): Promise<never> {
  throw new TypeError('it does not come back');
}
