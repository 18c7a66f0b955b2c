import { byIndex } from './host-order.ts';
import { Misread } from './misread.ts';
import { isPadded, runsOf } from './number-runs.ts';

/** More names than this in one expression are refused before they are written out. */
export const MOST_NAMES = 100_000;

/** What stands between brackets, and the digits that touch the brackets from outside. */
export interface RangeText {
  readonly text: string;
  /** Where `text` begins, for complaints. */
  readonly at: number;
  readonly digitsBefore: string;
  readonly digitsAfter: string;
}

/**
 * The numbers of `01-10,14` or `0-10/2`, as they are written in names: zero padding is kept. ClusterShell's rules
 * (RangeSet._parse of 1.10): padded bounds have the same length, single negative numbers are numbers, steps begin at
 * the first one. Digits that touch the brackets belong to the numbers: `1[0-2]` is 10 to 12, `[1-2]5` is 15 and 25.
 */
export function rangeNumbers(range: RangeText): readonly string[] {
  const numbers = new Set<string>();
  for (const element of elementsOf(range)) {
    const bounds = boundsOf(element);
    const count = (bounds.last - bounds.first) / bounds.step + 1n;
    if (BigInt(numbers.size) + count > MOST_NAMES) throw tooMany(element);
    for (let n = bounds.first; n <= bounds.last; n += bounds.step) numbers.add(written(n, bounds));
  }
  const sorted = [...numbers].sort(byIndex);
  return range.digitsBefore === '' ? sorted : withDigitsBefore(sorted, range);
}

interface Element {
  readonly text: string;
  readonly at: number;
  readonly digitsAfter: string;
}

interface Bounds {
  readonly first: bigint;
  readonly last: bigint;
  readonly step: bigint;
  /** 0 when the numbers are not padded. */
  readonly width: number;
}

const NUMBERS = 'numbers and ranges such as [1-4], [01-10,14] or [0-10/2]';
const SHAPE = /^(?:(-?)(\d+)|(-?)(\d+)\s*-\s*(-?)(\d+))\s*(?:\/\s*(\d+))?$/;

function elementsOf({ text, at, digitsAfter }: RangeText): readonly Element[] {
  let from = at;
  return text.split(',').map((piece) => {
    const lead = piece.length - piece.trimStart().length;
    const element = { text: piece.trim(), at: from + lead, digitsAfter };
    if (digitsAfter !== '' && /\s/.test(piece.trimStart())) throw spaced(element);
    from += piece.length + 1;
    return element;
  });
}

function boundsOf(element: Element): Bounds {
  const parts = SHAPE.exec(element.text);
  if (parts === null) throw notNumbers(element);
  const [, sign = '', single, firstSign = sign, from = single, lastSign = sign, to = single, by] =
    parts;
  refuseStepMisuse(element, single !== undefined, by);
  if (element.digitsAfter !== '' && firstSign + lastSign !== '') throw signedAgainstDigits(element);
  const first = `${from}${element.digitsAfter}`;
  const last = `${to}${element.digitsAfter}`;
  const width = widthOf(element, first, last, firstSign);
  const bounds = {
    first: BigInt(`${firstSign}${first}`),
    last: BigInt(`${lastSign}${last}`),
    step: BigInt(by ?? 1) * 10n ** BigInt(element.digitsAfter.length),
    width,
  };
  if (bounds.first > bounds.last) throw reversed(element, lastSign + last, firstSign + first);
  return bounds;
}

function refuseStepMisuse(element: Element, isSingle: boolean, by: string | undefined): void {
  if (by === undefined) return;
  const step = BigInt(by);
  if (element.digitsAfter !== '')
    throw misread(element, 'a step and digits right after the bracket do not go together', NUMBERS);
  if (isSingle && step !== 1n)
    throw misread(element, 'a step needs a range', 'a range with a step such as [0-10/2]');
  if (step < 1n) throw misread(element, 'the step is 0', 'a step of 1 or more such as [0-10/2]');
}

function widthOf(element: Element, first: string, last: string, sign: string): number {
  const firstPadded = isPadded(first);
  // ClusterShell does not count a last number that is nothing but zeros as padded.
  const lastPadded = isPadded(last) && !/^0+$/.test(last);
  if ((firstPadded || lastPadded) && first.length !== last.length) {
    const problem = `the zero padding of ${first} and ${last} differs`;
    throw misread(element, problem, 'both numbers with as many digits such as [01-10]');
  }
  if (firstPadded && sign !== '')
    throw misread(element, 'a negative number cannot be padded', NUMBERS);
  return firstPadded ? first.length : 0;
}

function written(number: bigint, { width }: Bounds): string {
  return String(number).padStart(width, '0');
}

/**
 * ClusterShell reads `1[9-10]` as 19 to 110, a hundred hosts where two were meant. Runs whose numbers have different
 * lengths are therefore refused after a digit; for all others both readings are the same.
 */
function withDigitsBefore(sorted: readonly string[], range: RangeText): readonly string[] {
  const element = { text: range.text, at: range.at, digitsAfter: range.digitsAfter };
  if (sorted.some((number) => number.startsWith('-'))) throw signedAgainstDigits(element);
  for (const [first, last] of runsOf(sorted)) {
    if (first.length === last.length) continue;
    const digits = range.digitsBefore;
    const problem = `${digits}[${first}-${last}] can be read in two ways`;
    throw misread(
      element,
      problem,
      `the digits inside the brackets such as [${digits}1-${digits}4]`,
    );
  }
  return sorted.map((number) => `${range.digitsBefore}${number}`);
}

function notNumbers(element: Element): Misread {
  if (element.text === '') return misread(element, 'a number is missing here', NUMBERS);
  return misread(element, 'this is not a range of numbers', NUMBERS);
}

function spaced(element: Element): Misread {
  return misread(element, 'a space and digits right after the bracket do not go together', NUMBERS);
}

function reversed(element: Element, last: string, first: string): Misread {
  const turned = `[${last}-${first}]`;
  return misread(element, 'the range runs backwards', `the smaller number first such as ${turned}`);
}

function signedAgainstDigits(element: Element): Misread {
  return misread(element, 'a negative number cannot touch other digits', NUMBERS);
}

function tooMany(element: Element): Misread {
  const problem = `these are more than ${MOST_NAMES.toLocaleString('en')} names`;
  return misread(element, problem, 'a range of hosts that exist');
}

function misread({ text, at }: Element, problem: string, expected: string): Misread {
  return new Misread({ at, word: text, problem, expected });
}
