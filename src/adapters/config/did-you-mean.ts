import { nearestWord } from '../../domain/nearest-word.ts';
import type { Complaint } from './config-file.ts';

const FEW = 8;

/** The words that may be used in a place, and what to say to somebody who used another one. */
export interface KnownWords {
  has(word: string): boolean;
  complaint(word: string): Complaint;
}

export interface Vocabulary {
  /** What one of them is: `pool`. */
  readonly what: string;
  /** What to do where no known word is near. */
  readonly otherwise: string;
}

/** Remembers its answers: in a big inventory the same mistake is often made ten thousand times. */
export function knownWords(words: Iterable<string>, { what, otherwise }: Vocabulary): KnownWords {
  const known = new Set(words);
  const answers = new Map<string, string>();
  const nextFor = (word: string) => {
    const answer = answers.get(word) ?? didYouMean(word, known) ?? otherwise;
    answers.set(word, answer);
    return answer;
  };
  return {
    has: (word) => known.has(word),
    complaint: (word) => ({
      message: `unknown ${what} "${word}"`,
      ...(known.size > 0 && known.size <= FEW && { expected: anyOf([...known]) }),
      next: nextFor(word),
    }),
  };
}

export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

/** `one`, `one or two`, `one, two or three`. */
export function anyOf(words: readonly string[]): string {
  const last = words.at(-1) ?? 'nothing';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
