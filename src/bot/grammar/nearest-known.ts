import { nearestWord } from '../../domain/nearest-word.ts';

/** No name that we know is longer (RFC 1035 allows host names 253 characters). */
const LONGEST_NAME = 253;

/** The known name that was most likely meant. What is far too long for a name is not compared with all of them. */
export function nearestKnown(typed: string, known: Iterable<string>): string | undefined {
  return typed.length > LONGEST_NAME ? undefined : nearestWord(typed, known);
}

/** For the `meant` of a complaint, which is absent rather than undefined. */
export function meaning(meant: string | undefined): { readonly meant?: string } {
  return meant === undefined ? {} : { meant };
}
