import { asOption, type Word } from './words.ts';

/** What `text` and `command` arguments get: the rest of a line as it was typed, without what was taken out of it. */
export interface Rest {
  readonly line: string;
  readonly start: number;
  /** Options and flags of the command itself, which may stand in any place. */
  readonly taken: readonly Word[];
  /** The words that stay. */
  readonly kept: readonly Word[];
  /** Whether the words go on to the end, or stopped at a mistake such as an apostrophe that opens a quote. */
  readonly isWhole: boolean;
}

/** Quotes stay as they were typed, unless one pair of them holds all of the text. */
export function restOfLine({ line, start, taken, kept, isWhole }: Rest): string {
  const [only] = kept;
  if (isWhole && kept.length === 1 && only?.literal) return only.text;
  const pieces: string[] = [];
  let from = start;
  for (const word of taken) {
    if (word.start < start) continue;
    pieces.push(line.slice(from, word.start));
    from = word.end;
  }
  pieces.push(line.slice(from));
  return pieces
    .map((piece) => piece.replace(/\p{Zs}/gu, ' ').trim())
    .filter(Boolean)
    .join(' ');
}

/** An option's value begins after its `=`: where that stands in the line. */
export function valueStart(word: Word): number {
  const from = asOption(word)?.from ?? 0;
  return word.at[from] ?? word.end;
}
