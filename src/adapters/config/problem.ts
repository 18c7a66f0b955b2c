/** One thing that is wrong in a configuration, where it stands, and what to do about it. */
export interface Problem {
  /** As it is shown: relative to the folder of signalbox.yaml. */
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** Keys and indices from the top of the file to the value. */
  readonly path: Path;
  /** The offending value as it was read; absent where it may be a secret. */
  readonly value?: unknown;
  readonly message: string;
  readonly expected?: string;
  /** What the person who wrote the file does next, in the imperative. */
  readonly next: string;
}

export type Path = readonly (string | number)[];

/** One line: where, what is wrong, what was expected, what to do next. */
export function formatProblem({ file, line, column, message, expected, next }: Problem): string {
  const said = expected === undefined ? [message, next] : [message, `expected ${expected}`, next];
  return `${file}:${line}:${column}: ${said.join('; ')}`;
}

/** As somebody mends them: file by file, from the top of each to its end. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

const SHOWN = 50;

/** A configuration that was refused as a whole, with every problem that was found in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(summary(problems));
    this.problems = problems;
  }
}

function summary(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN).map(formatProblem);
  if (problems.length > SHOWN) lines.push(`and ${problems.length - SHOWN} more`);
  return lines.join('\n');
}
