import { isIPv6 } from 'node:net';

export interface RateLimit {
  /** Whether this address may ask once more. */
  takes(address: string): boolean;
  /** A wrong guess costs more than a request. */
  penalize(address: string): void;
}

export interface RateLimitOptions {
  readonly burst: number;
  readonly perSecond: number;
  readonly monotonic: () => number;
}

const PENALTY = 9;
/** So that many addresses cannot fill the memory; the one that was seen first is forgotten. */
const MOST_ADDRESSES = 10_000;

/** A bucket for each address that runs dry and fills up again. */
export function rateLimit({ burst, perSecond, monotonic }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();

  function bucketOf(address: string) {
    const key = networkOf(address);
    const now = monotonic();
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    const oldest = buckets.size > MOST_ADDRESSES ? buckets.keys().next().value : undefined;
    if (oldest !== undefined) buckets.delete(oldest);
    return bucket;
  }

  return {
    takes(address) {
      const bucket = bucketOf(address);
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
    penalize(address) {
      const bucket = bucketOf(address);
      bucket.left = Math.max(-burst, bucket.left - PENALTY);
    },
  };
}

/** One machine has a whole /64 of IPv6; an IPv4 address is itself, also where it is written as IPv6. */
function networkOf(address: string): string {
  const plain = plainAddress(address);
  return isIPv6(plain) ? plain.split(':').slice(0, 4).join(':') : plain;
}

export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
