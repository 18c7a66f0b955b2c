import { hash, type KeyObject, verify } from 'node:crypto';
import type { Signature } from '../model/event.ts';
import type { PublicKey } from './public-key.ts';
import { type Signed, signedBytes } from './signed.ts';

/** Each journal is read by several readers of a process, and what was found true stays true of the same bytes. */
const REMEMBERED = 1_000;

/** Whose signatures count here. */
export interface Trust {
  readonly keys: readonly PublicKey[];
  /** Milliseconds since 1970: an entry that is older may be unsigned. */
  readonly unsignedBefore: number;
  /** Why a signature does not count, as `it …`; undefined when it does. */
  problemWith(
    what: Signed,
    content: object,
    signature: Pick<Signature, 'key' | 'value'>,
  ): Promise<string | undefined>;
}

export function trustIn(keys: readonly PublicKey[]): Trust {
  const proven = new Set<string>();

  function note(proof: string): void {
    const [oldest] = proven;
    if (oldest !== undefined && proven.size >= REMEMBERED) proven.delete(oldest);
    proven.add(proof);
  }

  return {
    keys,
    // Where nobody is trusted, nothing counts.
    unsignedBefore: keys.length === 0 ? 0 : Math.min(...keys.map(({ since }) => since)),
    async problemWith(what, content, { key, value }) {
      const known = keys.filter(({ id }) => id === key);
      if (known.length === 0) return `it is signed with a key that is not trusted here (${key}…)`;
      const bytes = signedBytes(what, content);
      const proof = `${key} ${value} ${hash('sha256', bytes, 'base64url')}`;
      if (proven.has(proof)) return undefined;
      const signature = Buffer.from(value, 'base64url');
      for (const { key: publicKey } of known) {
        if (!(await isSigned(bytes, publicKey, signature))) continue;
        note(proof);
        return undefined;
      }
      return 'its signature is of something else';
    },
  };
}

/** Beside the event loop: it takes as long as a whole append. */
function isSigned(bytes: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, bytes, key, signature, (error, isValid) => {
      if (error) reject(error);
      else resolve(isValid);
    });
  });
}
