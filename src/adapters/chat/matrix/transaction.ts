import { createHash } from 'node:crypto';

/**
 * The name of one thing that is said, the same at every try. A homeserver that has seen it from this login answers with the
 * event that there is; Synapse remembers it for a day.
 */
export function transactionOf(...parts: readonly string[]): string {
  return `sb-${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)}`;
}
