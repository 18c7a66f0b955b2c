import * as z from 'zod';
import { consoleLines } from './console-lines.ts';
import type { ConsolePattern } from './console-pattern.ts';

const LINES_AROUND = 5;

/** What has to be known of the text that was read already to make sense of what comes next. */
export const Scanned = z.strictObject({
  /** The beginning of a line whose end has not come. */
  rest: z.string(),
  /** The last lines, for what is shown around a match. */
  before: z.array(z.string()).readonly(),
  /** Warnings that were found before. */
  warned: z.array(z.string()).readonly(),
});
export type Scanned = Readonly<z.infer<typeof Scanned>>;

export const NOTHING_SCANNED: Scanned = { rest: '', before: [], warned: [] };

export interface Finding {
  readonly pattern: ConsolePattern;
  readonly line: string;
  /** The line itself with up to five before and after it. */
  readonly around: readonly string[];
}

export interface Scan {
  readonly scanned: Scanned;
  readonly lines: readonly string[];
  /** Each warning once; after something fatal nothing more. */
  readonly findings: readonly Finding[];
}

/** What is new on a console. A beginning of a line counts as one when nothing came after it: prompts wait like that. */
export function scanConsole(
  { rest, before, warned }: Scanned,
  text: string,
  patterns: readonly ConsolePattern[],
): Scan {
  const split = text === '' ? consoleLines(rest, '\n') : consoleLines(rest, text);
  const known = new Set(warned);
  const findings: Finding[] = [];
  const all = [...before, ...split.lines];
  for (const [at, line] of split.lines.entries()) {
    const pattern = patterns.find(({ matches }) => matches.test(line));
    if (pattern === undefined || known.has(pattern.name)) continue;
    if (pattern.severity === 'warning') known.add(pattern.name);
    findings.push({ pattern, line, around: around(all, before.length + at) });
    if (pattern.severity === 'fatal') break;
  }
  const scanned = { rest: split.rest, before: all.slice(-LINES_AROUND), warned: [...known] };
  return { scanned, lines: split.lines, findings };
}

function around(lines: readonly string[], at: number): readonly string[] {
  return lines.slice(Math.max(0, at - LINES_AROUND), at + LINES_AROUND + 1);
}
