import { type Complaint, Misread, orComplaint } from './misread.ts';
import { refusedCharacter } from './refused-character.ts';

/** One word of a line, with quotes and backslashes taken off. Offsets count UTF-16 units of the line. */
export interface Word {
  readonly text: string;
  readonly start: number;
  /** Just after its last character. */
  readonly end: number;
  /** Where in the line each UTF-16 unit of `text` stands. */
  readonly at: readonly number[];
  /** It began with a quote or a backslash, so it is never an option or a flag. */
  readonly literal: boolean;
  /** Where in `text` the first `=` stands that was typed outside quotes. */
  readonly equals?: number;
}

/** The words up to the first mistake, and the mistake. A line with a refused character has no words at all. */
export interface Split {
  readonly words: readonly Word[];
  readonly complaint?: Complaint;
}

// Phones turn straight quotes into these.
const DOUBLE = '"“”„‟';
const SINGLE = "'‘’‚‛";
const SPACE = /\p{Zs}/u;
const KEY = /^[a-z][a-z0-9_-]*$/i;
// iOS turns two hyphens into one dash.
const FLAG = /^(?:--|[—–])([a-z][a-z0-9-]*)$/i;

/**
 * Splits a line from an offset on. A quote counts at the beginning of a word and after its first `=`, so that an
 * apostrophe (`disk's`) is a letter. A backslash makes the next character an ordinary one, except between single quotes.
 */
export function splitWords(line: string, from = 0): Split {
  const refused = refusedCharacter(line, from);
  if (refused !== undefined) return { words: [], complaint: refused };
  const words: Word[] = [];
  for (let at = skipSpaces(line, from); at < line.length; ) {
    const start = at;
    const read = orComplaint(() => readWord(line, start));
    if ('bad' in read) return { words, complaint: read.bad };
    words.push(read.made);
    at = skipSpaces(line, read.made.end);
  }
  return { words };
}

/** `key=value`, the value's place in the word included; undefined for every other word. */
export function asOption(word: Word): { key: string; value: string; from: number } | undefined {
  if (word.literal || word.equals === undefined) return undefined;
  const key = word.text.slice(0, word.equals);
  if (!KEY.test(key)) return undefined;
  const from = word.equals + 1;
  return { key: key.toLowerCase(), value: word.text.slice(from), from };
}

/** The name in `--name`, undefined for every other word. */
export function asFlag(word: Word): string | undefined {
  return word.literal ? undefined : FLAG.exec(word.text)?.[1]?.toLowerCase();
}

/** The column people count: characters from 1, not bytes or UTF-16 units. */
export function columnOf(line: string, offset: number): number {
  return [...line.slice(0, offset)].length + 1;
}

interface Reading {
  readonly line: string;
  text: string;
  readonly at: number[];
  next: number;
  equals?: number;
}

function readWord(line: string, start: number): Word {
  const reading: Reading = { line, text: '', at: [], next: start };
  const literal = isQuote(line[start]) || line[start] === '\\';
  while (reading.next < line.length && !isSpace(line[reading.next])) readPiece(reading, start);
  const { text, at, next: end, equals } = reading;
  return { text, start, end, at, literal, ...(equals === undefined ? {} : { equals }) };
}

function readPiece(reading: Reading, start: number): void {
  const character = reading.line[reading.next];
  if (character === '\\') readEscaped(reading);
  else if (isQuote(character) && mayOpen(reading, start)) readQuoted(reading);
  else {
    if (character === '=') reading.equals ??= reading.text.length;
    take(reading);
  }
}

function mayOpen({ next, equals, text }: Reading, start: number): boolean {
  return next === start || (equals !== undefined && equals === text.length - 1);
}

function take(reading: Reading): void {
  reading.text += reading.line[reading.next];
  reading.at.push(reading.next);
  reading.next += 1;
}

function readEscaped(reading: Reading): void {
  reading.next += 1;
  if (reading.next === reading.line.length) throw loneBackslash(reading.next - 1);
  take(reading);
}

function readQuoted(reading: Reading): void {
  const { line, next: opened } = reading;
  const quote = line[opened] ?? '';
  const closing = DOUBLE.includes(quote) ? DOUBLE : SINGLE;
  reading.next += 1;
  while (reading.next < line.length && !closing.includes(line[reading.next] ?? '')) {
    if (line[reading.next] === '\\' && closing === DOUBLE) readEscaped(reading);
    else take(reading);
  }
  if (reading.next === line.length) throw unclosed(opened, quote);
  reading.next += 1;
  if (reading.next < line.length && !isSpace(line[reading.next])) throw glued(reading);
}

function loneBackslash(at: number): Misread {
  const problem = 'nothing follows this backslash';
  return new Misread({ at, word: '\\', problem, expected: 'the character it stands before' });
}

function unclosed(at: number, quote: string): Misread {
  const expected = `the same quote again where the text ends, or \\${quote} for the character itself`;
  return new Misread({ at, word: quote, problem: 'this quote is never closed', expected });
}

function glued({ line, next }: Reading): Misread {
  return new Misread({
    at: next,
    word: String.fromCodePoint(line.codePointAt(next) ?? 0),
    problem: 'this follows a closing quote without a space',
    expected: 'a space after the closing quote',
  });
}

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (at < line.length && isSpace(line[at])) at += 1;
  return at;
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && SPACE.test(character);
}

function isQuote(character: string | undefined): boolean {
  return character !== undefined && (DOUBLE.includes(character) || SINGLE.includes(character));
}
