import type { Redis } from 'ioredis';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { isReplyError } from './reply-error.ts';
import { reading } from './store-failure.ts';

const REQUIRED = [
  ['appendonly', 'yes'],
  ['appendfsync', 'always'],
  ['maxmemory-policy', 'noeviction'],
] as const;

/** Throws a Failure unless everything this store acknowledges is on its disk. */
export async function checkDurable(redis: Redis, name: string): Promise<void> {
  const wrong: string[] = [];
  for (const [setting, wanted] of REQUIRED) {
    const found = await configured(redis, name, setting);
    if (found !== wanted) wrong.push(`${setting} is ${found ?? 'not known'}, not ${wanted}`);
  }
  if (wrong.length > 0) throw isVolatile(name, wrong.join('; '));
}

async function configured(redis: Redis, name: string, setting: string) {
  const reply = await reading(
    redis.config('GET', setting).catch((error: unknown) => {
      throw isReplyError(error) ? cannotBeChecked(name, error) : error;
    }),
  );
  return Array.isArray(reply) ? reply[1] : undefined;
}

function isVolatile(name: string, because: string): Failure {
  return new Failure({
    code: 'store.volatile',
    problem: `${name} may lose what it acknowledged`,
    because,
    effect: 'none',
    next: 'Set `appendonly yes`, `appendfsync always` and `maxmemory-policy noeviction` in its redis.conf, then start again.',
  });
}

function cannotBeChecked(name: string, cause: Error): Failure {
  return new Failure({
    code: 'store.unchecked',
    problem: `Whether ${name} keeps what it acknowledges could not be checked`,
    because: rootMessage(cause),
    effect: 'none',
    next: 'Allow this Redis user `CONFIG GET`, or use a Redis that you run yourself.',
    cause,
  });
}
