import type { Redis } from 'ioredis';
import type { Messages } from '../../bot/narrator/messages.ts';
import { reading, writing } from './store-failure.ts';

const EXPIRES_AFTER_S = 31 * 24 * 60 * 60;

export function redisMessages(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): Messages {
  const keyOf = (network: string, kind: 'of' | 'is', name: string) =>
    `${prefix}messages:${encodeURIComponent(network)}:${kind}:${name}`;
  return {
    async remember(network, key, ref) {
      const both = redis
        .multi()
        .set(keyOf(network, 'of', key), ref, 'EX', EXPIRES_AFTER_S)
        .set(keyOf(network, 'is', ref), key, 'EX', EXPIRES_AFTER_S);
      await writing(both.exec());
    },
    async find(network, key) {
      return (await reading(redis.get(keyOf(network, 'of', key)))) ?? undefined;
    },
    async subjectOf(network, ref) {
      return (await reading(redis.get(keyOf(network, 'is', ref)))) ?? undefined;
    },
  };
}
