import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { isReplyError } from './reply-error.ts';

export type LuaScript = (
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Runs a script by its digest; where the server does not have it yet, nothing ran, and it is sent whole. */
export function luaScript(redis: Redis, lua: string): LuaScript {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      const isMissing = isReplyError(error) && error.message.startsWith('NOSCRIPT');
      if (!isMissing) throw error;
      return redis.eval(lua, keys.length, ...keys, ...args);
    }
  };
}
