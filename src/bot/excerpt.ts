import { printable } from './grammar/printable.ts';

const LINES = 12;
const LONGEST_BYTES = 200;

/** The first lines of what a plan was made from, and how many more there are. */
export function excerpt(shown: readonly string[], whereAll: string): readonly string[] {
  const lines = shown.flatMap((text) => text.split('\n'));
  const first = lines.slice(0, LINES).map((line) => `| ${printable(line, LONGEST_BYTES)}`);
  const more = lines.length - first.length;
  return more > 0 ? [...first, `| … ${more} more lines${whereAll}`] : first;
}
