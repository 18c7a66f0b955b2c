import { seededRandom } from '../../../src/adapters/simulated/fleet/seeded-random.ts';

/** The choices of one seed: the same ones, in the same order, each time. */
export interface Draw {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** True so many times in a hundred. */
  percent(n: number): boolean;
  of<T>(from: readonly T[]): T;
}

export function drawFor(seed: string): Draw {
  const random = seededRandom(seed);
  const below = (n: number) => random.bytes(4).readUInt32BE() % n;
  return {
    below,
    percent: (n) => below(100) < n,
    of(from) {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new TypeError('nothing to draw from');
      return chosen;
    },
  };
}
