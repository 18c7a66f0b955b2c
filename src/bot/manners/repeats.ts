/** Who reads an answer does not need it again for so long. */
const FRESH_MS = 10_000;
const KEPT = 100;

/** How long ago the same lines were said in a channel; undefined when that is a while ago. */
export type Repeats = (channel: string, lines: readonly string[]) => number | undefined;

export function createRepeats(clock: () => number): Repeats {
  const said = new Map<string, number>();
  return (channel, lines) => {
    const key = [channel, ...lines].join('\n');
    const now = clock();
    const before = said.get(key);
    if (before !== undefined && now - before < FRESH_MS) return now - before;
    said.delete(key);
    said.set(key, now);
    const [oldest] = said.keys();
    if (oldest !== undefined && said.size > KEPT) said.delete(oldest);
    return undefined;
  };
}
