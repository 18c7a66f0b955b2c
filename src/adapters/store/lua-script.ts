import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { isReplyError } from './reply-error.ts';

export type LuaScript = (
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Runs a script by its digest; where the server does not have it yet, nothing ran, and it is sent whole. */
export function luaScript(redis: Redis, lua: string): LuaScript {
  return bySha(
    lua,
    (sha, keys, args) => redis.evalsha(sha, keys.length, ...keys, ...args),
    (keys, args) => redis.eval(lua, keys.length, ...keys, ...args),
  );
}

/** How long a replica may take. */
const CONFIRMED_WITHIN_MS = 1_000;

/**
 * The same, and it counts only once that many replicas have what it wrote, with everything that this connection wrote
 * before. Both go out together: on a connection that was made anew in between, waiting would confirm nothing. `wrote`
 * tells from the answer whether there is anything to confirm.
 */
export function confirmedScript(
  redis: Redis,
  lua: string,
  replicas: number,
  wrote: (reply: unknown) => boolean = () => true,
): LuaScript {
  if (replicas === 0) return luaScript(redis, lua);
  const confirmed = async (both: ReturnType<Redis['pipeline']>) => {
    const [[failed, reply] = [], [unconfirmed, count] = []] =
      (await both.wait(replicas, CONFIRMED_WITHIN_MS).exec()) ?? [];
    if (failed) throw failed;
    if (!wrote(reply)) return reply;
    if (unconfirmed) throw notConfirmed(rootMessage(unconfirmed), unconfirmed);
    if (Number(count) < replicas) throw notConfirmed('no replica said in time that it has it');
    return reply;
  };
  return bySha(
    lua,
    (sha, keys, args) => confirmed(redis.pipeline().evalsha(sha, keys.length, ...keys, ...args)),
    (keys, args) => confirmed(redis.pipeline().eval(lua, keys.length, ...keys, ...args)),
  );
}

function bySha(
  lua: string,
  short: (sha: string, ...call: Parameters<LuaScript>) => Promise<unknown>,
  whole: LuaScript,
): LuaScript {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (keys, args) => {
    try {
      return await short(sha, keys, args);
    } catch (error) {
      const isMissing = isReplyError(error) && error.message.startsWith('NOSCRIPT');
      if (!isMissing) throw error;
      return whole(keys, args);
    }
  };
}

function notConfirmed(because: string, cause?: Error): Failure {
  return new Failure({
    code: 'store.unconfirmed',
    problem: 'The store has it on one machine only',
    because,
    effect: 'unknown',
    next: 'It may be lost if that machine fails now. Look at the replicas of Redis, then at what it holds before any retry.',
    cause,
  });
}
