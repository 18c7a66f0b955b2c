/** Longer lines are cut: what is tried on them has to stay quick. */
export const LONGEST_LINE = 300;
/** The longest beginning of a line that is kept until its end comes. */
const LONGEST_REST = 2_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CURSOR_MOVES = /\u001b\[[0-9;]*[HfABEF]|\r\n?/g;
const CONTROL_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])|(?!\n)\p{Cc}/gu;

export interface SplitText {
  readonly lines: readonly string[];
  /** The beginning of a line that has not come to its end. */
  readonly rest: string;
}

/**
 * The lines of a serial stream as people see them, without colours and empty ones. A cursor that is moved elsewhere
 * begins another line, as installers with dialogs do it.
 */
export function consoleLines(rest: string, text: string): SplitText {
  const all = rest + text;
  const end = Math.max(all.lastIndexOf('\n'), all.lastIndexOf('\r')) + 1;
  const tooLong = all.length - end > LONGEST_REST;
  const cut = tooLong ? all.length : end;
  return { lines: clean(all.slice(0, cut)), rest: all.slice(cut) };
}

function clean(text: string): readonly string[] {
  return text
    .replace(CURSOR_MOVES, '\n')
    .replace(CONTROL_SEQUENCES, '')
    .split('\n')
    .map((line) => line.trimEnd().slice(0, LONGEST_LINE))
    .filter((line) => line.trim() !== '');
}
