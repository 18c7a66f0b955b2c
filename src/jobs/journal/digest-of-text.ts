import { hash } from 'node:crypto';

/** What a link of a chain is named by: SHA-256 of its text as it is stored. */
export function digestOfText(text: string): string {
  return hash('sha256', text);
}

/** In the place of the digest before the first link. */
export const NOTHING_BEFORE = '0'.repeat(64);
