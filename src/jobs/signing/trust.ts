import { type KeyObject, verify } from 'node:crypto';
import type { Signature } from '../model/event.ts';
import type { PublicKey } from './public-key.ts';
import { type Signed, signedBytes } from './signed.ts';

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
  return {
    keys,
    // Where nobody is trusted, nothing counts.
    unsignedBefore: keys.length === 0 ? 0 : Math.min(...keys.map(({ since }) => since)),
    async problemWith(what, content, { key, value }) {
      const known = keys.filter(({ id }) => id === key);
      if (known.length === 0) return `it is signed with a key that is not trusted here (${key}…)`;
      const bytes = signedBytes(what, content);
      const signature = Buffer.from(value, 'base64url');
      for (const { key: publicKey } of known) {
        if (await isSigned(bytes, publicKey, signature)) return undefined;
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
