const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;
const NUL = '\0';

/**
 * The one place that turns words into a line for a POSIX shell. Every other character arrives unchanged; a NUL cannot be
 * passed to a program at all and is refused.
 */
export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word.includes(NUL)) {
    throw new TypeError(`A command's word must not contain a NUL: ${JSON.stringify(word)}`);
  }
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Reads back what `quoteWords` wrote, for a simulated host; it knows no other shell syntax. */
export function unquoteWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, word] of line.matchAll(/((?:'[^']*'|\\'|[^\s'\\]+)+)(?:\s|$)/g)) {
    words.push((word ?? '').replaceAll(/'([^']*)'|\\(')/g, '$1$2'));
  }
  return words;
}
