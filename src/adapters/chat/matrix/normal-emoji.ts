/** Clients write the same sign with and without variation selectors, and in five colours of skin. */
const DRESS = /[\u{FE0E}\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu;
const MOST = 64;

export function normalEmoji(key: string): string {
  return key.slice(0, MOST).toWellFormed().replace(DRESS, '');
}
