import type { Redis } from 'ioredis';
import * as z from 'zod';
import { luaScript } from '../lua-script.ts';
import { reading } from '../store-failure.ts';
import { BackupRecord } from './record.ts';

/** What is not worth keeping, or must not be: output of hosts, doorbells, one-time tokens, and why it is read-only. */
const LEFT_OUT =
  /^z:[^:]+:(?:op:[^:]+:(?:log|at):|told$|bell|install:|reload$|workers$|read-only$)/;

/**
 * Everything under a prefix in one moment: nothing else is done by the server meanwhile, about a second for 100 MB.
 * ARGV: the prefix. Answers the clock, then key, type, milliseconds left and content of each.
 */
const READ_ALL = `
local time = redis.call('TIME')
local found = { tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) }
local cursor = '0'
local seen = {}
repeat
  local batch = redis.call('SCAN', cursor, 'MATCH', ARGV[1] .. '*', 'COUNT', 1000)
  cursor = batch[1]
  for _, key in ipairs(batch[2]) do
    if not seen[key] then
      seen[key] = true
      local type = redis.call('TYPE', key)['ok']
      local content
      if type == 'string' then content = redis.call('GET', key)
      elseif type == 'list' then content = redis.call('LRANGE', key, 0, -1)
      elseif type == 'set' then content = redis.call('SMEMBERS', key)
      elseif type == 'hash' then content = redis.call('HGETALL', key)
      elseif type == 'zset' then content = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
      elseif type == 'stream' then content = redis.call('XRANGE', key, '-', '+')
      end
      found[#found + 1] = { key, type, redis.call('PTTL', key), content }
    end
  end
until cursor == '0'
return found
`;

const Found = z.tuple([z.number()], z.tuple([z.string(), z.string(), z.number(), z.unknown()]));

export interface StoreContent {
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  /** Keys without the prefix, in order. */
  readonly records: readonly BackupRecord[];
}

export async function readAll(redis: Redis, prefix = 'sb:'): Promise<StoreContent> {
  const reply = await reading(luaScript(redis, READ_ALL)([], [prefix]));
  const [at, ...found] = Found.parse(reply);
  const records = found
    .map(([key, type, ttlMs, content]) => {
      const expires = ttlMs >= 0 ? { expiresAt: at + ttlMs } : {};
      const value = inOrder(type, content);
      return BackupRecord.parse({ key: key.slice(prefix.length), ...expires, type, value });
    })
    .filter(({ key }) => !LEFT_OUT.test(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return { at, records };
}

/** What Redis keeps in no order is put into one, so that the same content is the same backup. */
function inOrder(type: string, content: unknown): unknown {
  switch (type) {
    case 'hash':
      return inPairs(content).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    case 'zset':
      return inPairs(content);
    case 'set':
      return (content as unknown[]).toSorted();
    default:
      return content;
  }
}

function inPairs(content: unknown): [unknown, unknown][] {
  const flat = content as unknown[];
  return flat.flatMap((name, place) => (place % 2 === 0 ? [[name, flat[place + 1]]] : []));
}
