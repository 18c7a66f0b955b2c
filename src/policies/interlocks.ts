import type { HostName, PoolName } from '../domain/ids.ts';
import {
  aheadOf,
  type InLine,
  lineInWords,
  reserving,
  type Waiter,
  withoutOperations,
} from './claim-queue.ts';
import { type Frozen, freezesByHand, frozenInWords } from './freezes.ts';
import type { Held, WantedClaim } from './held.ts';
import { minute } from './minute.ts';

export interface PoolFacts {
  readonly hosts: readonly HostName[];
  readonly maxUnavailable: number;
  readonly onePerArchitecture: boolean;
  /** Out of service in the build system, whoever took them out; undefined when it did not answer. */
  readonly outOfService: readonly HostName[] | undefined;
}

export interface InterlockFacts {
  /** The operation that asks; what it holds itself is not in its way. */
  readonly op: string | undefined;
  readonly held: readonly Held[];
  /** In the order they came. */
  readonly waiting: readonly Waiter[];
  readonly pools: ReadonlyMap<PoolName, PoolFacts>;
  readonly architectureOf: (host: HostName) => string | undefined;
  /** How much there is of something that is counted; undefined when nobody knows. */
  readonly capacityOf: (what: string) => number | undefined;
  /** Whether a freeze is in its way; open for what is no operation. */
  readonly frozen: Frozen;
  readonly prefix: string;
}

export type Interlocked =
  | { readonly kind: 'grant' }
  /** In the order of the claims; last, who stands in line before it. */
  | { readonly kind: 'blocked'; readonly reasons: readonly string[]; readonly place: number }
  /** Freezes first, then what else is in the way. It is in nobody's way meanwhile, and keeps its place. */
  | { readonly kind: 'frozen'; readonly reasons: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };

type Verdict = { readonly blocked: string } | { readonly unknown: string } | undefined;

/**
 * Whether all claims may be taken together beside those that are held, without delaying those that came before. All or
 * nothing: nobody ever waits with something in hand, so nobody waits for somebody who waits. Not knowing is no yes.
 */
export function decideClaims(wanted: readonly WantedClaim[], facts: InterlockFacts): Interlocked {
  const now = besideHeld(wanted, facts);
  const { frozen } = facts;
  if (frozen.kind === 'frozen') {
    return {
      kind: 'frozen',
      reasons: [...frozen.reasons, ...('reasons' in now ? now.reasons : [])],
    };
  }
  if ('unknown' in now) return { kind: 'unknown', because: now.unknown };
  if (frozen.kind === 'unknown') return frozen;
  const ahead = aheadOf(wanted, facts, { fits, shares: sharing(facts) });
  const passes = ahead.length === 0 || delaysNobody(wanted, ahead, facts);
  if (now.reasons.length === 0 && passes) return { kind: 'grant' };
  const line = inLine(wanted, ahead, facts);
  const said = lineInWords(line);
  return { kind: 'blocked', reasons: [...now.reasons, ...(said ? [said] : [])], place: line.place };
}

function inLine(
  wanted: readonly WantedClaim[],
  ahead: readonly Waiter[],
  facts: InterlockFacts,
): InLine {
  const last = ahead.at(-1);
  if (last === undefined) return { place: 1 };
  const shares = sharing(facts);
  const both = wanted.find((one) => last.claims.some((other) => shares(one, other)));
  const behind = both && { op: last.op, of: wantedName(both) };
  return { place: ahead.length + 1, ...(behind && { behind }) };
}

function wantedName(claim: WantedClaim): string {
  if (claim.kind === 'lock') return lockName(claim.key);
  return claim.kind === 'budget' ? `@${claim.pool}` : claim.of;
}

function sharing(facts: InterlockFacts) {
  return (a: WantedClaim, b: WantedClaim): boolean => {
    if (a.kind === 'lock') return b.kind === 'lock' && clash(a.key, b.key, facts);
    if (a.kind === 'budget') return b.kind === 'budget' && a.pool === b.pool;
    return b.kind === 'amount' && a.of === b.of;
  };
}

/** Neither now nor when what is held now has been freed: a host that is away already costs nothing only until then. */
function delaysNobody(
  wanted: readonly WantedClaim[],
  ahead: readonly Waiter[],
  facts: InterlockFacts,
): boolean {
  return [facts, withoutOperations(facts)].every((each) => fits(wanted, reserving(ahead, each)));
}

/** Unknown may become a yes. */
function fits(wanted: readonly WantedClaim[], facts: InterlockFacts): boolean {
  const now = besideHeld(wanted, facts);
  return 'unknown' in now || now.reasons.length === 0;
}

function besideHeld(
  wanted: readonly WantedClaim[],
  facts: InterlockFacts,
): { readonly reasons: readonly string[] } | { readonly unknown: string } {
  const verdicts = wanted
    .map((claim, index) => judge(claim, beside(wanted.slice(0, index), facts)))
    .filter((one) => one !== undefined);
  const reasons = verdicts.flatMap((verdict) => ('blocked' in verdict ? [verdict.blocked] : []));
  if (reasons.length > 0) return { reasons };
  const silent = verdicts.find((verdict) => 'unknown' in verdict);
  return silent ?? { reasons };
}

/** As if these were granted already: two claims that fit one by one need not fit together. */
function beside(earlier: readonly WantedClaim[], facts: InterlockFacts): InterlockFacts {
  const counted = earlier.filter(({ kind }) => kind !== 'lock');
  const held = counted.map((claim) => ({ op: 'wanted by the same operation', claim, since: 0 }));
  return { ...facts, held: [...facts.held, ...held] };
}

function judge(claim: WantedClaim, facts: InterlockFacts): Verdict {
  switch (claim.kind) {
    case 'lock':
      return judgeLock(claim.key, facts);
    case 'budget':
      return judgeBudget(claim, facts);
    case 'amount':
      return judgeAmount(claim, facts);
    default:
      return claim satisfies never;
  }
}

function judgeLock(key: string, facts: InterlockFacts): Verdict {
  const holder = others(facts).find(
    ({ claim }) => claim.kind === 'lock' && clash(claim.key, key, facts),
  );
  return holder && { blocked: lockedBy(holder, facts) };
}

/** A lock on a pool is a lock on each of its hosts. */
function clash(held: string, wanted: string, { pools }: InterlockFacts): boolean {
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
function lockName(key: string): string {
  const [kind, name] = split(key);
  return kind === 'pool' ? `@${name}` : name;
}

function judgeBudget(
  { pool, host }: Extract<WantedClaim, { kind: 'budget' }>,
  facts: InterlockFacts,
): Verdict {
  const figures = poolFigures(pool, facts);
  const known = facts.pools.get(pool);
  if (known === undefined) return { blocked: `@${pool} is not in the inventory` };
  if (figures === undefined)
    return { unknown: `the build system did not say who of @${pool} is away` };
  const away = new Map(figures.away);
  if (away.has(host)) return undefined;
  if (away.size + 1 > known.maxUnavailable) return { blocked: overBudget(pool, known, away) };
  return known.onePerArchitecture ? lastOfItsKind(host, pool, known, away, facts) : undefined;
}

function overBudget(
  pool: PoolName,
  { hosts, maxUnavailable }: PoolFacts,
  away: ReadonlyMap<HostName, string>,
): string {
  const list = [...away].map(([host, because]) => `${host} (${because})`).join(', ');
  const limit = `@${pool} may have ${maxUnavailable} of ${hosts.length} away at once`;
  return `${limit}; away now: ${list || 'none'}`;
}

function lastOfItsKind(
  host: HostName,
  pool: PoolName,
  { hosts }: PoolFacts,
  away: ReadonlyMap<HostName, string>,
  { architectureOf }: InterlockFacts,
): Verdict {
  const architecture = architectureOf(host);
  const left = hosts.filter(
    (other) => other !== host && !away.has(other) && architectureOf(other) === architecture,
  );
  if (left.length > 0) return undefined;
  return { blocked: `${host} is the last ${architecture} of @${pool} in service` };
}

interface PoolFigures {
  readonly size: number;
  /** Why each host is away. */
  readonly away: readonly (readonly [HostName, string])[];
}

/** Who of a pool is away: held by operations, and out of service for whatever reason. Undefined when that is not known. */
function poolFigures(
  pool: PoolName,
  facts: Pick<InterlockFacts, 'pools' | 'held' | 'op'>,
): PoolFigures | undefined {
  const known = facts.pools.get(pool);
  if (known?.outOfService === undefined) return undefined;
  const away = new Map<HostName, string>();
  for (const host of known.outOfService) away.set(host, 'out of service in the build system');
  for (const { op, claim } of others(facts)) {
    if (claim.kind === 'budget' && claim.pool === pool) away.set(claim.host, op ?? 'by hand');
  }
  return { size: known.hosts.length, away: [...away] };
}

/** `takes @builders from 19/20 to 18/20 (at least 18)` */
export function impactInWords(
  { pool, host }: Extract<WantedClaim, { kind: 'budget' }>,
  facts: InterlockFacts,
): string | undefined {
  const figures = poolFigures(pool, facts);
  const known = facts.pools.get(pool);
  if (figures === undefined || known === undefined) return undefined;
  const { size } = figures;
  const now = size - figures.away.length;
  const least = `(at least ${size - known.maxUnavailable})`;
  if (figures.away.some(([name]) => name === host)) {
    return `leaves @${pool} at ${now}/${size} ${least}: ${host} is away already`;
  }
  return `takes @${pool} from ${now}/${size} to ${now - 1}/${size} ${least}`;
}

function judgeAmount(
  { of, units }: Extract<WantedClaim, { kind: 'amount' }>,
  facts: InterlockFacts,
): Verdict {
  const capacity = facts.capacityOf(of);
  if (capacity === undefined) return { unknown: `nobody knows how much there is of ${of}` };
  const taken = others(facts).reduce(
    (sum, { claim }) => (claim.kind === 'amount' && claim.of === of ? sum + claim.units : sum),
    0,
  );
  if (taken + units <= capacity) return undefined;
  return { blocked: `${of} has ${capacity - taken} of ${capacity} left, ${units} are needed` };
}

function others({ held, op }: Pick<InterlockFacts, 'held' | 'op'>): readonly Held[] {
  return held.filter((holder) => holder.op === undefined || holder.op !== op);
}

function split(key: string): readonly [string, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
