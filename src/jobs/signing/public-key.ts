import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';

const ID_LENGTH = 12;

/** A key whose signatures count. */
export interface PublicKey {
  /** As it stands in configurations: `ed25519:…`, and since when, where something is older than it. */
  readonly text: string;
  /** The beginning of the key: what a signature names it by. */
  readonly id: string;
  readonly key: KeyObject;
  /** Milliseconds since 1970: what is older may be unsigned. 0 where signing was there first. */
  readonly since: number;
}

/** Its text, parsed: 32 bytes in base64url, and an ISO time after `since`. */
export const PublicKeyText = z
  .string()
  .regex(
    /^ed25519:[A-Za-z0-9_-]{43}(?: since \S+)?$/,
    'expected a public key as signalbox check shows it, such as "ed25519:…"',
  )
  .transform((text, context): PublicKey => {
    const [name = '', , time] = text.split(' ');
    const x = name.slice('ed25519:'.length);
    const since = time === undefined ? 0 : Date.parse(time);
    const key = keyOf(x);
    if (key !== undefined && Number.isFinite(since)) {
      return { text, id: x.slice(0, ID_LENGTH), key, since };
    }
    const message = key === undefined ? 'expected an Ed25519 key' : 'expected an ISO time';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** What `PublicKeyText` reads. */
export function publicKeyText(key: KeyObject, since: number): string {
  const name = `ed25519:${key.export({ format: 'jwk' }).x}`;
  return since === 0 ? name : `${name} since ${new Date(since).toISOString()}`;
}

function keyOf(x: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
