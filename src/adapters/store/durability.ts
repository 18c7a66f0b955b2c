import type { Redis } from 'ioredis';
import * as z from 'zod';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { isReplyError } from './reply-error.ts';
import { reading } from './store-failure.ts';

const REQUIRED = [
  ['appendonly', 'yes'],
  ['appendfsync', 'always'],
  ['maxmemory-policy', 'noeviction'],
] as const;

const KEY = 'sb:durable';
/** That this run of the server was looked at and keeps what it acknowledges, for those who may not look themselves. */
const Attested = z.strictObject({ run: z.string(), replicas: z.number() });

export interface Durability {
  /** How many replicas have to have what is accepted: 0, or 1 where there are any. */
  readonly replicas: number;
}

export interface CheckedStore {
  readonly name: string;
  /** A replica may become the primary at any moment. */
  readonly sentinels: boolean;
}

/**
 * Throws a Failure unless everything this store acknowledges is on its disk, and on that of a replica where one may take
 * its place. `CONFIG GET` is not for everybody: who may not use it believes what a bot noted of this run of the server.
 */
export async function checkDurable(redis: Redis, store: CheckedStore): Promise<Durability> {
  const run = await runId(redis);
  try {
    const durability = await look(redis, store);
    await attest(redis, { run, ...durability });
    return durability;
  } catch (problem) {
    if (!isReplyError(problem)) throw problem;
    return attested(redis, store.name, run, problem);
  }
}

async function look(redis: Redis, { name, sentinels }: CheckedStore): Promise<Durability> {
  const wrong: string[] = [];
  for (const [setting, wanted] of REQUIRED) {
    const found = await configured(redis, setting);
    if (found !== wanted) wrong.push(`${setting} is ${found ?? 'not known'}, not ${wanted}`);
  }
  const confirming = Number(await configured(redis, 'min-replicas-to-write'));
  const isReplicated =
    sentinels ||
    confirming > 0 ||
    (await infoField(redis, 'replication', 'connected_slaves')) !== '0';
  if (isReplicated && !(confirming > 0)) wrong.push('min-replicas-to-write is 0, not 1');
  if (wrong.length > 0) throw isVolatile(name, wrong.join('; '));
  return { replicas: isReplicated ? 1 : 0 };
}

async function configured(redis: Redis, setting: string): Promise<string | undefined> {
  const reply = await orUnreachable(redis.config('GET', setting));
  return Array.isArray(reply) ? reply[1] : undefined;
}

async function runId(redis: Redis): Promise<string> {
  return (await infoField(redis, 'server', 'run_id')) ?? '';
}

async function infoField(redis: Redis, section: string, field: string) {
  const info = await reading(redis.info(section));
  return new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

/** An answer that says no stays as it is. */
function orUnreachable<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((problem: unknown) => {
    if (isReplyError(problem)) throw problem;
    return reading(Promise.reject(problem));
  });
}

/** Nothing depends on it but those who may not look themselves. */
async function attest(redis: Redis, what: z.infer<typeof Attested>): Promise<void> {
  await redis.set(KEY, JSON.stringify(what)).catch(() => undefined);
}

async function attested(
  redis: Redis,
  name: string,
  run: string,
  refused: Error,
): Promise<Durability> {
  const text = await orUnreachable(redis.get(KEY)).catch((problem: unknown) => {
    if (isReplyError(problem)) return null;
    throw problem;
  });
  const noted = text === null ? undefined : Attested.parse(JSON.parse(text));
  if (noted?.run !== run) throw cannotBeChecked(name, refused);
  return { replicas: noted.replicas };
}

function isVolatile(name: string, because: string): Failure {
  const replicas = because.includes('min-replicas')
    ? ', and `min-replicas-to-write 1` where it has replicas,'
    : '';
  return new Failure({
    code: 'store.volatile',
    problem: `${name} may lose what it acknowledged`,
    because,
    effect: 'none',
    next: `Set \`appendonly yes\`, \`appendfsync always\` and \`maxmemory-policy noeviction\`${replicas} in its redis.conf, then start again.`,
  });
}

function cannotBeChecked(name: string, cause: Error): Failure {
  return new Failure({
    code: 'store.unchecked',
    problem: `Whether ${name} keeps what it acknowledges could not be checked`,
    because: rootMessage(cause),
    effect: 'none',
    next: 'Start a bot first, which looks for its workers; or allow this Redis user `CONFIG GET`.',
    cause,
  });
}
