import type { Redis } from 'ioredis';
import { reading, writing } from './store-failure.ts';

const EXPIRES_AFTER_S = 31 * 24 * 60 * 60;

/** Which chat message stands for what, for a month after it was last said. */
export interface Messages {
  /** `ref` is the network's own id of the message; `key` says what it stands for. Again: the newer message stands for it. */
  remember(network: string, key: string, ref: string): Promise<void>;
  /** The message that stands for `key`. */
  find(network: string, key: string): Promise<string | undefined>;
  /** What a message stands for, also one that was superseded since. */
  subjectOf(network: string, ref: string): Promise<string | undefined>;
}

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
