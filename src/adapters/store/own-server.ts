import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Failure, rootMessage } from '../../domain/failure.ts';

const STARTS_WITHIN_MS = 30_000;
const STOPS_WITHIN_MS = 10_000;
/** The longest path that a Unix socket can have on every system we know of. */
const LONGEST_SOCKET = 103;

export interface OwnServer {
  /** Its Unix socket, in a folder that only this user may enter. */
  readonly socket: string;
  /** Ends with everything on disk. Twice is harmless. */
  stop(): Promise<void>;
}

/** The socket of a server that another process runs in a folder; undefined where none answers. */
export async function runningServer(dataDir: string): Promise<string | undefined> {
  const socket = join(resolve(dataDir), 'redis.sock');
  return (await answers(socket)) ? socket : undefined;
}

/**
 * Starts a Redis or Valkey with its data in a folder, or takes over one that a process which is gone left running there.
 * A Failure when another process uses that folder.
 */
export async function ownServer(program: string, dataDir: string): Promise<OwnServer> {
  const folder = resolve(dataDir);
  const socket = join(folder, 'redis.sock');
  const owner = join(folder, 'owner.pid');
  if (socket.length > LONGEST_SOCKET)
    throw notStarted(folder, `${socket} is too long for a socket`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isRunning = await answers(socket);
  if (isRunning) await refuseIfOwned(folder, owner);
  await writeFile(owner, String(process.pid), { mode: 0o600 });
  if (!isRunning) await start(program, folder, socket);
  let stopped: Promise<void> | undefined;
  return {
    socket,
    stop() {
      stopped ??= shutDown(socket).then(() => rm(owner, { force: true }));
      return stopped;
    },
  };
}

async function refuseIfOwned(folder: string, owner: string): Promise<void> {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (!isAlive(pid)) return;
  throw new Failure({
    code: 'store.in-use',
    problem: `The store in ${folder} is in use`,
    because: `process ${pid} runs it`,
    effect: 'none',
    next: `Stop process ${pid}, or give this one another data folder or a REDIS_URL.`,
  });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function start(program: string, folder: string, socket: string): Promise<void> {
  // In a session of its own, so that Ctrl-C reaches us and not it: we still need it to finish.
  const server = spawn(program, ['-'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  let ended: string | undefined;
  server.once('error', (error) => {
    ended = rootMessage(error);
  });
  server.once('exit', (code) => {
    ended = `it ended with ${code}`;
  });
  server.stdin.on('error', () => {}).end(configuration(folder, socket));
  const because = await untilAnswers(socket, () => ended);
  if (because === undefined) return server.unref();
  server.kill();
  throw notStarted(folder, `${because}; ${join(folder, 'redis.log')} may say more`);
}

function configuration(folder: string, socket: string): string {
  return [
    'port 0',
    `unixsocket "${socket}"`,
    'unixsocketperm 600',
    `dir "${folder}"`,
    `logfile "${join(folder, 'redis.log')}"`,
    'appendonly yes',
    'appendfsync always',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

/** Undefined when it answers, else why it never will. */
async function untilAnswers(
  socket: string,
  ended: () => string | undefined,
): Promise<string | undefined> {
  for (const deadline = performance.now() + STARTS_WITHIN_MS; performance.now() < deadline; ) {
    const because = ended();
    if (because !== undefined) return because;
    if (await answers(socket)) return undefined;
    await delay(20);
  }
  return `it did not answer within ${STARTS_WITHIN_MS / 1_000} s`;
}

async function answers(socket: string): Promise<boolean> {
  return withConnection(socket, async (redis) => (await redis.ping()) === 'PONG').catch(
    () => false,
  );
}

async function shutDown(socket: string): Promise<void> {
  await withConnection(socket, (redis) => redis.shutdown()).catch(() => {});
  const deadline = performance.now() + STOPS_WITHIN_MS;
  while ((await answers(socket)) && performance.now() < deadline) await delay(20);
}

async function withConnection<T>(socket: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(socket, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

function notStarted(folder: string, because: string): Failure {
  return new Failure({
    code: 'store.not-started',
    problem: `The store in ${folder} did not start`,
    because,
    effect: 'none',
    next: 'Put that right, or set REDIS_URL to a Redis that runs.',
  });
}
