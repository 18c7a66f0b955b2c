import type { Complaint } from './misread.ts';
import { printable } from './printable.ts';
import { columnOf } from './words.ts';

/** Why a line is no command. A result, not a failure: nothing was tried. */
export interface ParseProblem {
  readonly kind: 'problem';
  /** What was wrong: the line as such, the name of the command, or what was typed after it. */
  readonly about: 'line' | 'command' | 'arguments';
  /** The name of the command whose arguments they are. */
  readonly command?: string;
  /** The offending word, safe to show. */
  readonly word: string;
  /** Its place in the line: characters from 1. */
  readonly column: number;
  readonly meant?: string;
  /** A whole command that parses. */
  readonly example: string;
  /** All of this in one line for chat, without control characters. */
  readonly line: string;
}

interface Context {
  readonly line: string;
  readonly about: ParseProblem['about'];
  readonly example: string;
}

const LONGEST_WORD_BYTES = 60;
const LONGEST_CLAUSE_BYTES = 160;

/** Turns a complaint, whose offset counts from the start of the line, into what people read. */
export function parseProblem(
  complaint: Complaint,
  { line, about, example }: Context,
): ParseProblem {
  const column = columnOf(line, complaint.at);
  const word = printable(complaint.word, LONGEST_WORD_BYTES);
  const meant =
    complaint.meant === undefined ? undefined : printable(complaint.meant, LONGEST_WORD_BYTES);
  return {
    kind: 'problem',
    about,
    word,
    column,
    ...(meant === undefined ? {} : { meant }),
    example,
    line: sentence({ ...complaint, word, column, meant, example }),
  };
}

interface Told {
  readonly word: string;
  readonly column: number;
  readonly problem: string;
  readonly meant: string | undefined;
  readonly expected: string;
  readonly example: string;
}

function sentence({ word, column, problem, meant, expected, example }: Told): string {
  const place = word === '' ? `column ${column}` : `${word} (column ${column})`;
  const question = meant === undefined ? '.' : `, did you mean ${meant}?`;
  const [what, wanted] = [problem, expected].map((text) => printable(text, LONGEST_CLAUSE_BYTES));
  return printable(`${place}: ${what}${question} Expected ${wanted}. For example: ${example}`);
}
