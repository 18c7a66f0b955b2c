import type { Redis } from 'ioredis';
import { reading, writing } from '../store-failure.ts';
import type { BackupRecord } from './record.ts';

const AT_ONCE = 500;

/** Whether anything is under the prefix. */
export async function isEmpty(redis: Redis, prefix = 'sb:'): Promise<boolean> {
  for await (const keys of keysUnder(redis, prefix)) if (keys.length > 0) return false;
  return true;
}

/** Removes everything under the prefix but what `keeps` names. */
export async function removeAll(
  redis: Redis,
  keeps: (key: string) => boolean,
  prefix = 'sb:',
): Promise<void> {
  for await (const keys of keysUnder(redis, prefix)) {
    const gone = keys.filter((key) => !keeps(key.slice(prefix.length)));
    if (gone.length > 0) await writing(redis.del(...gone));
  }
}

async function* keysUnder(redis: Redis, prefix: string): AsyncGenerator<readonly string[]> {
  let cursor = '0';
  do {
    const [next, keys] = await reading(
      redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', String(AT_ONCE)),
    );
    yield keys;
    cursor = next;
  } while (cursor !== '0');
}

/** Puts every record in its place. What has expired since is left out by Redis itself. */
export async function writeAll(
  redis: Redis,
  records: readonly BackupRecord[],
  prefix = 'sb:',
): Promise<void> {
  for (const record of records) {
    const key = `${prefix}${record.key}`;
    for (const command of commandsFor(key, record)) await writing(redis.call(...command));
    if (record.expiresAt !== undefined) {
      await writing(redis.call('PEXPIREAT', key, String(record.expiresAt)));
    }
  }
}

type Command = [name: string, ...args: string[]];

function commandsFor(key: string, record: BackupRecord): readonly Command[] {
  switch (record.type) {
    case 'string':
      return [['SET', key, record.value]];
    case 'list':
      return inParts(record.value).map((part) => ['RPUSH', key, ...part]);
    case 'set':
      return inParts(record.value).map((part) => ['SADD', key, ...part]);
    case 'hash':
      return inParts(record.value).map((part) => ['HSET', key, ...part.flat()]);
    case 'zset':
      return inParts(record.value).map((part) => [
        'ZADD',
        key,
        ...part.flatMap(([member, score]) => [score, member]),
      ]);
    case 'stream':
      return record.value.map(([id, fields]) => ['XADD', key, id, ...fields]);
    default:
      return record satisfies never;
  }
}

function inParts<T>(all: readonly T[]): readonly T[][] {
  const count = Math.ceil(all.length / AT_ONCE);
  return Array.from({ length: count }, (_, nth) => all.slice(nth * AT_ONCE, (nth + 1) * AT_ONCE));
}
