import { nearestWord } from '../../domain/nearest-word.ts';

/** No name that we know is longer (RFC 1035 allows host names 253 characters). */
const LONGEST_NAME = 253;

/**
 * The known name that was most likely meant, letters in the wrong order included (`imgae`). What is far too long for a
 * name is not compared with all of them.
 */
export function nearestKnown(typed: string, known: Iterable<string>): string | undefined {
  if (typed.length > LONGEST_NAME) return undefined;
  const names = [...known];
  const letters = lettersOf(typed);
  return nearestWord(typed, names) ?? names.find((name) => lettersOf(name) === letters);
}

function lettersOf(word: string): string {
  return [...word.toLowerCase()].sort().join('');
}

/** For the `meant` of a complaint, which is absent rather than undefined. */
export function meaning(meant: string | undefined): { readonly meant?: string } {
  return meant === undefined ? {} : { meant };
}
