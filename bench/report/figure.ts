import { median } from './statistics.ts';

/** What a figure has to reach: itself, or its ratio to the peer's. */
export interface Goal {
  readonly of: 'ours' | 'ratio';
  readonly is: 'at least' | 'at most' | 'under';
  readonly than: number;
}

/** One value for each round; a peer's rounds were run in turn with ours. */
export interface Rounds {
  readonly name: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer?: { readonly name: string; readonly values: readonly number[] };
  readonly goal?: Goal;
}

/** And what was known when it was measured. */
export interface Measured extends Rounds {
  /** The measure that gave it, as `npm run bench -- NAME` calls it. */
  readonly measure: string;
  /** Of the last minute, before that measure and after it: how busy the machine was, with the measure itself. */
  readonly load: readonly [before: number, after: number];
}

/** As it is kept. What a figure does not have is null. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  readonly unit: string;
  /** The median of the ratios of each round. */
  readonly ratio: number | null;
  readonly goal: string | null;
  readonly met: boolean | null;
  readonly spread: { readonly ours: Range; readonly peer: Range | null };
  readonly rounds: number;
  readonly load: Measured['load'];
  readonly reach: Reach | null;
}

/** How many times better than the goal: 1 just meets it, 0.5 is half of it. */
export interface Reach {
  readonly median: number;
  readonly worst: number;
  readonly best: number;
}

type Range = readonly [lowest: number, highest: number];

export function figureOf({ name, unit, ours, peer, goal, load }: Measured): Figure {
  const ratios = peer?.values.map((value, round) => (ours[round] ?? Number.NaN) / value);
  const ratio = ratios ? median(ratios) : null;
  const judged = goal?.of === 'ratio' ? (ratios ?? []) : ours;
  return {
    name,
    ours: median(ours),
    peer: peer ? median(peer.values) : null,
    peerName: peer?.name ?? null,
    unit,
    ratio,
    goal: goal ? inWords(goal, unit) : null,
    met: goal ? holds(goal, median(judged)) : null,
    spread: { ours: rangeOf(ours), peer: peer ? rangeOf(peer.values) : null },
    rounds: ours.length,
    load,
    reach: goal && goal.than > 0 && median(judged) > 0 ? reachOf(goal, judged) : null,
  };
}

function reachOf({ is, than }: Goal, values: readonly number[]): Reach {
  const reaches = values
    .filter((value) => value > 0)
    .map((value) => (is === 'at least' ? value / than : than / value));
  return { median: median(reaches), worst: Math.min(...reaches), best: Math.max(...reaches) };
}

function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

/** None of what is measured can be negative: a figure that is says nothing, so it meets nothing. */
function holds({ is, than }: Goal, value: number): boolean {
  if (!(value >= 0)) return false;
  if (is === 'at least') return value >= than;
  return is === 'at most' ? value <= than : value < than;
}

function inWords({ of, is, than }: Goal, unit: string): string {
  return of === 'ratio' ? `${is} ${than} ×` : `${is} ${than} ${unit}`;
}
