/** Of each step the newest lines are kept. */
export const KEPT_LINES = 2_000;

/** The lines of what a step wrote, without an empty one for the line break at its end. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
