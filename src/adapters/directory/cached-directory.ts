import type { Directory, Freshness } from '../../policies/directory.ts';

const AT_MOST = 10_000;
/** A directory that is away is not asked by each message of a channel. */
const SILENCE_MS = 5_000;

export interface CachedDirectoryOptions {
  readonly forMs: number;
  /** Never goes backwards, in ms. */
  readonly now: () => number;
}

interface Kept {
  readonly answer: Promise<unknown>;
  until: number;
}

/**
 * Remembers answers for talk, and asks once where several ask the same at once. A `fresh` question always goes through,
 * and talk has what it found from then on.
 */
export function cachedDirectory(
  directory: Directory,
  { forMs, now }: CachedDirectoryOptions,
): Directory {
  const kept = new Map<string, Kept>();

  function remembered<Answer extends { readonly kind: string }>(
    key: readonly string[],
    freshness: Freshness,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const name = JSON.stringify(key);
    const known = kept.get(name);
    if (freshness === 'cached' && known !== undefined && known.until > now()) {
      return known.answer as Promise<Answer>;
    }
    const answer = ask();
    const mine: Kept = { answer, until: now() + forMs };
    keep(name, mine);
    answer.then(
      ({ kind }) => {
        if (kind === 'unavailable') mine.until = Math.min(mine.until, now() + SILENCE_MS);
      },
      () => {
        mine.until = 0;
      },
    );
    return answer;
  }

  /** What was asked about longest ago makes room. */
  function keep(name: string, mine: Kept): void {
    kept.delete(name);
    kept.set(name, mine);
    const [oldest] = kept.keys();
    if (kept.size > AT_MOST && oldest !== undefined) kept.delete(oldest);
  }

  return {
    identify: (network, id, freshness) =>
      remembered(['id', network, id], freshness, () => directory.identify(network, id, 'fresh')),
    person: (id, freshness) =>
      remembered(['person', id], freshness, () => directory.person(id, 'fresh')),
    membersOf: (group, freshness) =>
      remembered(['members', group], freshness, () => directory.membersOf(group, 'fresh')),
  };
}
