import type { OpId } from '../../domain/ids.ts';
import { digestOfText, NOTHING_BEFORE } from '../journal/digest-of-text.ts';
import type { Trust } from '../signing/trust.ts';
import { Anchor, type AnchoredHead } from './anchor.ts';

/** One that was seen outside of the store: it has to be found there, or to be removed. */
export interface AnchoredPoint extends AnchoredHead {
  /** The anchor's number. */
  readonly n: number;
}

/** What the anchors say together. */
export interface AnchorsRead {
  readonly last: Anchor | undefined;
  readonly points: ReadonlyMap<OpId, readonly AnchoredPoint[]>;
  readonly removed: ReadonlySet<OpId>;
  /** Where the feed begins; undefined where nothing was ever taken out of it. */
  readonly feedFrom: string | undefined;
  /** What is wrong with the anchors themselves, as `line …`. Nothing from there on is relied on. */
  readonly broken: string | undefined;
}

export async function readAnchors(lines: readonly string[], trust: Trust): Promise<AnchorsRead> {
  const anchors: Anchor[] = [];
  let prev = NOTHING_BEFORE;
  let broken: string | undefined;
  for (const [place, line] of lines.entries()) {
    const read = await readLine(line, { n: place + 1, prev }, trust);
    if (typeof read === 'string') {
      broken = `line ${place + 1} ${read}`;
      break;
    }
    anchors.push(read);
    prev = digestOfText(line);
  }
  return { ...together(anchors), broken };
}

async function readLine(
  line: string,
  expected: { readonly n: number; readonly prev: string },
  trust: Trust,
): Promise<Anchor | string> {
  const parsed = parse(line);
  if (parsed === undefined) return 'is no anchor';
  const { signature, ...content } = parsed;
  if (parsed.n !== expected.n) return `is anchor ${parsed.n}: lines are missing or were added`;
  if (parsed.prev !== expected.prev) return 'does not follow the line before it: one was changed';
  const problem = await trust.problemWith('anchor', content, signature);
  return problem === undefined ? parsed : `does not count: ${problem}`;
}

function parse(line: string): Anchor | undefined {
  try {
    return Anchor.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function together(anchors: readonly Anchor[]): Omit<AnchorsRead, 'broken'> {
  const points = new Map<OpId, AnchoredPoint[]>();
  const removed = new Set<OpId>();
  for (const { n, heads, removed: gone = {} } of anchors) {
    for (const [op, head] of entries(heads)) {
      points.set(op, [...(points.get(op) ?? []), { ...head, n }]);
    }
    for (const [op] of entries(gone)) removed.add(op);
  }
  const feedFrom = anchors.findLast((anchor) => anchor.feedFrom !== undefined)?.feedFrom;
  return { last: anchors.at(-1), points, removed, feedFrom };
}

function entries(heads: Anchor['heads']): (readonly [OpId, AnchoredHead])[] {
  return Object.entries(heads) as [OpId, AnchoredHead][];
}
