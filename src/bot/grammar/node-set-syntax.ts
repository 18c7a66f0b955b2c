import { type Stranger, stranger } from './look-alike.ts';
import { Misread } from './misread.ts';
import { MOST_NAMES, rangeNumbers } from './range-set.ts';

/** Union, difference, intersection, symmetric difference. */
export type Operator = ',' | '!' | '&' | '^';

/** One operand of an expression with the operator before it, its brackets written out. */
export interface Term {
  readonly operator: Operator;
  readonly word: string;
  /** Where the word begins in the expression. */
  readonly at: number;
  /** Names of hosts, of pools with their `@`, or patterns with `*` and `?`. Not looked up yet. */
  readonly names: readonly string[];
}

/**
 * Reads an expression in ClusterShell's NodeSet notation without looking anything up. All operators bind alike and
 * count from left to right. Throws Misread for everything ClusterShell refuses, and for names no host can have.
 */
export function readTerms(expression: string): readonly Term[] {
  let names = 0;
  return operandsOf(expression).map((operand) => {
    const term = { ...operand, names: namesOf(operand, MOST_NAMES - names) };
    names += term.names.length;
    return term;
  });
}

type Operand = Omit<Term, 'names'>;

const NODE_SET = 'hosts or a pool such as builder-[01-03], builder-* or @builders';

/** Cuts at the operators that stand outside brackets. */
function operandsOf(expression: string): readonly Operand[] {
  const operands: Operand[] = [];
  let operator: Operator = ',';
  let from = 0;
  for (const at of operatorPlaces(expression)) {
    operands.push(operandAt(expression, from, at, operator));
    operator = expression[at] as Operator;
    from = at + 1;
  }
  operands.push(operandAt(expression, from, expression.length, operator));
  return operands;
}

function operatorPlaces(expression: string): readonly number[] {
  const places: number[] = [];
  let opened: number | undefined;
  for (let at = 0; at < expression.length; at += 1) {
    const character = expression[at] ?? '';
    if (character === '[') opened = openBracket(at, opened);
    else if (character === ']') opened = closeBracket(at, opened);
    else if (opened === undefined && ',!&^'.includes(character)) places.push(at);
  }
  if (opened !== undefined) throw bracket(opened, '[', 'this bracket is never closed');
  return places;
}

function openBracket(at: number, opened: number | undefined): number {
  if (opened !== undefined) throw bracket(at, '[', 'brackets cannot stand inside brackets');
  return at;
}

function closeBracket(at: number, opened: number | undefined): undefined {
  if (opened === undefined) throw bracket(at, ']', 'no bracket was opened before this one');
}

function operandAt(expression: string, from: number, to: number, operator: Operator): Operand {
  const piece = expression.slice(from, to);
  const word = piece.trim();
  if (word !== '') return { operator, word, at: from + piece.indexOf(word) };
  if (expression.trim() === '') throw misread(0, expression, 'no target was named', NODE_SET);
  const [at, side] = to < expression.length ? [to, 'before'] : [from - 1, 'after'];
  throw misread(at, expression[at] ?? '', `nothing stands ${side} this operator`, NODE_SET);
}

/** Text and bracketed ranges in turn: the even pieces are text. */
function namesOf(operand: Operand, room: number): readonly string[] {
  const pieces = operand.word.split(/[[\]]/);
  refuseStrangeCharacters(operand, pieces);
  const axes = axesOf(operand, pieces);
  const count = axes.reduce((product, axis) => product * axis.length, 1);
  if (count > room) throw tooMany(operand);
  return axes.reduce<readonly string[]>(
    (names, axis) => names.flatMap((name) => axis.map((part) => `${name}${part}`)),
    [''],
  );
}

/** What each piece can be: a text is one thing, a range many. Digits next to a bracket went into the range. */
function axesOf(operand: Operand, pieces: readonly string[]): readonly (readonly string[])[] {
  let at = operand.at;
  return pieces.map((piece, index) => {
    const start = at;
    at += piece.length + 1;
    const bracketed = (place: number) => place > 0 && place < pieces.length;
    if (index % 2 === 1) return numbersOf(pieces, index, start);
    const isInner = bracketed(index) && bracketed(index + 1);
    if (isInner && /^\d*$/.test(piece)) throw touching(start + piece.length, piece);
    const head = index > 0 ? piece.replace(/^\d+/, '') : piece;
    return [index + 1 < pieces.length ? head.replace(/\d+$/, '') : head];
  });
}

function numbersOf(pieces: readonly string[], index: number, at: number): readonly string[] {
  return rangeNumbers({
    text: pieces[index] ?? '',
    at,
    digitsBefore: /\d*$/.exec(pieces[index - 1] ?? '')?.[0] ?? '',
    digitsAfter: /^\d*/.exec(pieces[index + 1] ?? '')?.[0] ?? '',
  });
}

function refuseStrangeCharacters({ word, at }: Operand, pieces: readonly string[]): void {
  const foreign = stranger(word);
  if (foreign !== undefined) throw lookAlike(word, at, foreign);
  const isPool = word.startsWith('@');
  let start = at;
  for (const [index, piece] of pieces.entries()) {
    const skipped = index === 0 && isPool ? 1 : 0;
    const found = index % 2 === 0 ? refusedIn(piece.slice(skipped), isPool) + skipped : -1;
    if (found >= skipped) throw strange(word, start + found, piece[found] ?? '');
    start += piece.length + 1;
  }
}

function refusedIn(text: string, isPool: boolean): number {
  return text.search(isPool ? /[^a-z0-9._*-]/ : /[^a-z0-9.*?-]/);
}

function lookAlike(word: string, at: number, { at: place, explained, meant }: Stranger): Misread {
  return new Misread({
    at: at + place,
    word,
    problem: explained,
    ...(meant === word ? {} : { meant }),
    expected: 'the letters a to z, digits, . and -',
  });
}

function strange(word: string, at: number, character: string): Misread {
  const lower = word.toLowerCase();
  const shown = character === ' ' ? 'a space' : character;
  const problem = /[A-Z]/.test(character)
    ? 'names are written in lower case'
    : `${shown} cannot stand in a name`;
  const meant = /[A-Z]/.test(character) ? { meant: lower } : {};
  return new Misread({ at, word, problem, ...meant, expected: NODE_SET });
}

function touching(at: number, digits: string): Misread {
  const problem = digits === '' ? 'two brackets touch' : `only digits stand between two brackets`;
  return misread(at, '[', problem, 'a letter or - between brackets such as r[1-2]n[1-4]');
}

function tooMany({ at, word }: Operand): Misread {
  const problem = `these are more than ${MOST_NAMES.toLocaleString('en')} names`;
  return misread(at, word, problem, 'a range of hosts that exist');
}

function bracket(at: number, word: string, problem: string): Misread {
  return misread(at, word, problem, 'brackets around numbers such as builder-[01-03,07]');
}

function misread(at: number, word: string, problem: string, expected: string): Misread {
  return new Misread({ at, word, problem, expected });
}
