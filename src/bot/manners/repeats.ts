/** Who reads an answer does not need it again for so long. */
const FRESH_MS = 10_000;
const KEPT = 100;

export interface Repeats {
  /** How long ago the same lines were said in a channel; undefined when that is a while ago, and they are to be said now. */
  agoMs(channel: string, lines: readonly string[]): number | undefined;
  /** They could not be said. */
  forget(channel: string, lines: readonly string[]): void;
}

export function createRepeats(clock: () => number): Repeats {
  const said = new Map<string, number>();
  return {
    agoMs(channel, lines) {
      const key = keyOf(channel, lines);
      const now = clock();
      const before = said.get(key);
      if (before !== undefined && now - before < FRESH_MS) return now - before;
      said.delete(key);
      said.set(key, now);
      const [oldest] = said.keys();
      if (oldest !== undefined && said.size > KEPT) said.delete(oldest);
      return undefined;
    },
    forget: (channel, lines) => void said.delete(keyOf(channel, lines)),
  };
}

function keyOf(channel: string, lines: readonly string[]): string {
  return [channel, ...lines].join('\n');
}
