import type { PoolName } from '../domain/ids.ts';
import { freezesByHand, frozenInWords } from './freezes.ts';
import type { Held } from './held.ts';
import { type InterlockFacts, others } from './interlock-facts.ts';
import { minute } from './minute.ts';
import type { Verdict } from './verdict.ts';

export function judgeLock(key: string, facts: InterlockFacts): Verdict {
  const holder = lockHolder(key, facts);
  return holder && { blocked: lockedBy(holder, facts) };
}

/** Who holds what is in the way of a lock; the first where several do. */
export function lockHolder(key: string, facts: InterlockFacts): Held | undefined {
  return others(facts).find(({ claim }) => claim.kind === 'lock' && clash(claim.key, key, facts));
}

/** A lock on a pool is a lock on each of its hosts. */
export function clash(held: string, wanted: string, { pools }: InterlockFacts): boolean {
  if (held === wanted) return true;
  const [heldKind, heldName] = split(held);
  const [wantedKind, wantedName] = split(wanted);
  const inPool = (pool: string, host: string) =>
    pools.get(pool as PoolName)?.hosts.some((name) => name === host) ?? false;
  if (heldKind === 'pool' && wantedKind === 'host') return inPool(heldName, wantedName);
  if (heldKind === 'host' && wantedKind === 'pool') return inPool(wantedName, heldName);
  return false;
}

/** Whether people mean it when they ask what is locked; what else is kept by hand is told elsewhere. */
export function isLock(key: string): boolean {
  return !key.startsWith('freeze/') && !key.startsWith('failures/');
}

/** `builder-07 is locked by …`: who, why, since when, and what ends it. */
export function lockedBy(held: Held, { prefix }: Pick<InterlockFacts, 'prefix'>): string {
  const [freeze] = freezesByHand([held]);
  if (freeze) return frozenInWords(freeze, prefix);
  const { op, claim, since, byHand, about } = held;
  const thing = claim.kind === 'lock' ? lockName(claim.key) : '';
  const at = `since ${minute(since)}`;
  if (byHand === undefined) return `${thing} is locked by ${op}${about ? ` (${about})` : ''} ${at}`;
  const { by, because, until, owner } = byHand;
  const till = until === undefined ? '' : ` until ${minute(until)}`;
  if (claim.kind === 'lock' && claim.key.startsWith('quarantine/')) {
    const whose = owner === undefined ? `by ${by} ${at}` : `${at}, ${owner} looks after it`;
    return `${thing} is quarantined ${whose}: "${because}" (${prefix}release ${thing} lets groups have it again)`;
  }
  return `${thing} is locked by ${by} ${at}${till}: "${because}" (${prefix}unlock ${thing} frees it)`;
}

/** `host/builder-07` as people write it: `builder-07`; `pool/builders`: `@builders`. */
export function lockName(key: string): string {
  const [kind, name] = split(key);
  return kind === 'pool' ? `@${name}` : name;
}

function split(key: string): readonly [string, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
