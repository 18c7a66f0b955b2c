import { readTypedLine } from '../../adapters/chat/console/typed-line.ts';
import type { Pattern, ScriptLine } from './script-line.ts';

export type ParsedScript =
  | { readonly kind: 'script'; readonly lines: readonly ScriptLine[] }
  /** Every malformed line, each with its place, what was wrong and what was expected. */
  | { readonly kind: 'malformed'; readonly problems: readonly string[] };

/** Reads a demo script. A line that begins with `#` is a comment; elsewhere a `#` is text. */
export function parseScript(text: string, file: string): ParsedScript {
  const read = text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    return [readLine(trimmed, `${file}:${index + 1}`)];
  });
  const problems = read.filter((one) => typeof one === 'string');
  if (problems.length > 0) return { kind: 'malformed', problems };
  return { kind: 'script', lines: read.filter((one) => typeof one !== 'string') };
}

const FORMS = 'expected "NAME: text", "expect: …", "wait: /…/ 30s", "lab: …" or a # comment';
const LINE = /^(?<word>[a-z_][a-z0-9_.-]*):\s*(?<rest>.*)$/;

/** The line, or the problem with it. */
function readLine(line: string, place: string): ScriptLine | string {
  const { word, rest } = LINE.exec(line)?.groups ?? {};
  if (word === undefined || rest === undefined) return `${place}: "${line}": ${FORMS}`;
  if (rest === '') return `${place}: "${line}" says nothing after its colon`;
  switch (word) {
    case 'expect':
      return readExpect(rest, place);
    case 'wait':
      return readWait(rest, place);
    case 'lab':
      return { kind: 'lab', place, line: rest };
    default:
      return readSpeech(word, rest, place);
  }
}

function readSpeech(who: string, rest: string, place: string): ScriptLine | string {
  const typed = readTypedLine(rest);
  if (typed.kind === 'reaction') {
    return { kind: 'react', place, who, emoji: typed.emoji, change: typed.change };
  }
  if (typed.kind === 'message') return { kind: 'say', place, who, text: typed.text };
  return `${place}: "${rest}" is for a terminal; a script has "NAME: …" to speak and "lab: …"`;
}

function readExpect(rest: string, place: string): ScriptLine | string {
  const pattern = readPattern(rest);
  if (typeof pattern === 'string') return `${place}: ${pattern}`;
  return { kind: 'expect', place, pattern };
}

const WAIT = /^(?<pattern>\/.*\/[a-z]*)\s+(?<count>\d+(?:\.\d+)?)(?<unit>ms|s|m)$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function readWait(rest: string, place: string): ScriptLine | string {
  const { pattern: source, count, unit = 's' } = WAIT.exec(rest)?.groups ?? {};
  if (source === undefined) {
    return `${place}: "${rest}": expected a regular expression and a limit such as /running/ 30s`;
  }
  const pattern = readPattern(source);
  if (typeof pattern === 'string') return `${place}: ${pattern}`;
  return { kind: 'wait', place, pattern, limitMs: Number(count) * (UNITS[unit] ?? 1_000) };
}

/** The pattern, or what is wrong with it. */
function readPattern(text: string): Pattern | string {
  const { source, flags = '' } = /^\/(?<source>.+)\/(?<flags>[a-z]*)$/.exec(text)?.groups ?? {};
  if (source === undefined) return { kind: 'text', text };
  try {
    new RegExp(source, flags);
  } catch (problem) {
    return `${text} is not a regular expression: ${(problem as Error).message}`;
  }
  if (/[gy]/.test(flags)) return `${text}: the flags g and y mean nothing here`;
  return { kind: 'regex', source, flags };
}
