import type { Redis } from 'ioredis';
import * as z from 'zod';
import { reading } from '../store-failure.ts';

const Accepted = z.strictObject({ at: z.number(), by: z.string() });

/** When somebody last accepted a store that is not the one it was, in milliseconds since 1970; 0 where nobody did. */
export async function acceptedAt(redis: Redis, key: string): Promise<number> {
  const text = await reading(redis.get(key));
  return text === null ? 0 : Accepted.parse(JSON.parse(text)).at;
}
