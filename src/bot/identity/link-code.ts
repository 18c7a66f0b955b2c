import { createHash, randomInt } from 'node:crypto';
import { OP_ALPHABET } from '../../domain/ids.ts';

const GROUPS = 3;
const LETTERS = 4;

/** `k7m2-p9qx-4hbn`: 59 bits, of letters and digits that cannot be mistaken for one another. */
export function newLinkCode(): string {
  const group = () =>
    Array.from({ length: LETTERS }, () => OP_ALPHABET[randomInt(OP_ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** What is kept of a code. */
export function digestOfCode(code: string): string {
  return createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .digest('hex');
}
