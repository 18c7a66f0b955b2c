import type { Redis } from 'ioredis';
import type { ChatMemory } from '../chat-memory.ts';
import { acceptedAt } from './history/accepted-at.ts';
import { journalKeys } from './journal-keys.ts';
import { luaScript } from './lua-script.ts';
import { reading, writing } from './store-failure.ts';

const KNOWN_FOR_S = 7 * 24 * 60 * 60;

/** KEYS: what is known of the message, what waits. ARGV: its id, its text, how long it is known. */
const TAKE_IN = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local place = redis.call('XADD', KEYS[2], '*', 'id', ARGV[1], 'text', ARGV[2])
redis.call('SET', KEYS[1], place, 'EX', ARGV[3])
return 1
`;

/** KEYS: what is known of the message, what waits. */
const DEALT_WITH = `
local place = redis.call('GET', KEYS[1])
if place then redis.call('XDEL', KEYS[2], place) end
return 1
`;

/** A stream of what waits, and a key that expires for each message that is known. */
export function redisChatMemory(
  redis: Redis,
  network: string,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): ChatMemory {
  const base = `${prefix}chat:${encodeURIComponent(network)}`;
  const waiting = `${base}:waiting`;
  const knownAs = (id: string) => `${base}:known:${id}`;
  const takeIn = luaScript(redis, TAKE_IN);
  const dealtWith = luaScript(redis, DEALT_WITH);
  return {
    get: async (name) => (await reading(redis.get(`${base}:is:${name}`))) ?? undefined,
    async set(name, value, forS) {
      const key = `${base}:is:${name}`;
      await writing(forS === undefined ? redis.set(key, value) : redis.set(key, value, 'EX', forS));
    },
    async takeIn(id, text) {
      return (await writing(takeIn([knownAs(id), waiting], [id, text, KNOWN_FOR_S]))) === 1;
    },
    async waiting() {
      const entries = await reading(redis.xrange(waiting, '-', '+'));
      return entries.map(([, [, id = '', , text = '']]) => ({ id, text }));
    },
    acceptedAt: () => acceptedAt(redis, journalKeys(prefix).accepted),
    async dealtWith(id) {
      await writing(dealtWith([knownAs(id), waiting], []));
    },
  };
}
