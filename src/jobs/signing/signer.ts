import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Signature } from '../model/event.ts';
import { type PublicKey, PublicKeyText, publicKeyText } from './public-key.ts';
import { type Signed, signedBytes } from './signed.ts';

// Beside the event loop: it takes as long as a whole append.
const signBeside = promisify(sign);

/** Signs as one bot. */
export interface Signer {
  readonly publicKey: PublicKey;
  sign(what: Signed, content: object): Promise<Pick<Signature, 'key' | 'value'>>;
}

/** `since`: what is older than that may be unsigned; 0 where nothing is. */
export function signerWith(privateKey: KeyObject, since: number): Signer {
  const publicKey = PublicKeyText.parse(publicKeyText(createPublicKey(privateKey), since));
  return {
    publicKey,
    async sign(what, content) {
      const value = await signBeside(null, signedBytes(what, content), privateKey);
      return { key: publicKey.id, value: value.toString('base64url') };
    },
  };
}
