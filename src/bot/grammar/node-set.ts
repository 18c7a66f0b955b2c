import type { HostName, PoolName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import { inHostOrder } from './host-order.ts';
import { type Complaint, Misread, orComplaint } from './misread.ts';
import { meaning, nearestKnown } from './nearest-known.ts';
import { type Operator, readTerms, type Term } from './node-set-syntax.ts';
import { fitsWildcard } from './wildcard.ts';

/** A set or a map of names: what is looked up is found without going through them. */
export interface KnownNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

export interface TargetFacts {
  readonly hosts: KnownNames;
  readonly pools: ReadonlyMap<PoolName, readonly HostName[]>;
  /** In no pool and no wildcard: whoever means them names them. */
  readonly quarantined?: ReadonlySet<HostName>;
}

/** `targets` is never empty and in host order. `at` of a complaint counts from the start of the expression. */
export type Targeted =
  | { readonly kind: 'targets'; readonly hosts: readonly HostName[] }
  | (Complaint & { readonly kind: 'problem'; readonly example: string });

/**
 * The hosts an expression means, in ClusterShell's NodeSet notation (see docs of ClusterShell, "Node sets"):
 * `builder-[01-10,14]`, `r[1-2]n[1-4]`, `@pool`, `@*` for the hosts of all pools, `builder-*`, `build?r-01`, and from left to right
 * `,` union, `!` difference, `&` intersection, `^` symmetric difference. Every host, pool and wildcard has to be
 * known, also on the right of `!`: a typo there would let a host through.
 */
export function findTargets(expression: string, facts: TargetFacts): Targeted {
  const read = orComplaint(() => targetsOf(expression, facts));
  if ('made' in read) return { kind: 'targets', hosts: read.made };
  return { kind: 'problem', ...read.bad, example: workingTarget(facts) };
}

/** What `findTargets` promises, for readers of the grammar: it throws Misread. */
export function targetsOf(expression: string, facts: TargetFacts): readonly HostName[] {
  const terms = readTerms(expression);
  refuseTooMany(terms, isWildcard, MOST_WILDCARDS, 'wildcards');
  refuseTooMany(terms, isPool, MOST_POOLS, 'pools');
  let chosen = new Set<HostName>();
  for (const term of terms) chosen = combine(term.operator, chosen, hostsOf(term, facts));
  const before = chosen.size;
  for (const host of unnamed(terms, facts)) chosen.delete(host);
  if (chosen.size > 0) return inHostOrder(chosen);
  const problem = `this leaves no host${before > 0 ? ' that is not in quarantine' : ''}`;
  throw new Misread({ at: 0, word: expression, problem, expected: 'at least one host' });
}

/** Those in quarantine that no term names. */
function unnamed(terms: readonly Term[], { quarantined }: TargetFacts): readonly HostName[] {
  const named = new Set(
    terms.filter((term) => !isPool(term) && !isWildcard(term)).flatMap(({ names }) => names),
  );
  return [...(quarantined ?? [])].filter((host) => !named.has(host));
}

/** The slice of the inventory that targets are looked up in. */
export function targetFacts({ hosts, pools }: Pick<Inventory, 'hosts' | 'pools'>): TargetFacts {
  return {
    hosts: new Set<string>(hosts.keys()),
    pools: new Map(Array.from(pools, ([name, pool]) => [name, pool.hosts])),
  };
}

// Enough for people. They keep one line from being hours of work: each of them may be all hosts.
const MOST_WILDCARDS = 100;
const MOST_POOLS = 1_000;

function refuseTooMany(
  terms: readonly Term[],
  counts: (term: Term) => boolean,
  most: number,
  what: string,
): void {
  let count = 0;
  for (const term of terms.filter(counts)) {
    count += term.names.length;
    const limit = `at most ${most.toLocaleString('en')} ${what}`;
    if (count > most) throw misread(term, `there are too many ${what}`, limit);
  }
}

/** Changes `chosen` where it can, so that an operand costs its own size and not that of all before it. */
function combine(
  operator: Operator,
  chosen: Set<HostName>,
  operand: ReadonlySet<HostName>,
): Set<HostName> {
  if (operator === '&') return operand.intersection(chosen);
  for (const host of operand) {
    const isLeft = operator === '!' || (operator === '^' && chosen.has(host));
    if (isLeft) chosen.delete(host);
    else chosen.add(host);
  }
  return chosen;
}

function isPool({ word }: Term): boolean {
  return word.startsWith('@');
}

function isWildcard(term: Term): boolean {
  return !isPool(term) && /[*?]/.test(term.word);
}

function hostsOf(term: Term, facts: TargetFacts): ReadonlySet<HostName> {
  if (isPool(term)) return poolHosts(term, facts);
  if (isWildcard(term)) return wildcardHosts(term, facts);
  const unknown = term.names.filter((name) => !facts.hosts.has(name));
  const [first] = unknown;
  if (first !== undefined) throw unknownHost(term, first, unknown.length - 1, facts);
  // Each of them is one of the inventory's names.
  return new Set(term.names as readonly HostName[]);
}

function poolHosts(term: Term, { pools }: TargetFacts): ReadonlySet<HostName> {
  const names = term.names.map((name) => name.slice(1));
  if (names.length === 1 && names[0] === '*') return new Set([...pools.values()].flat());
  const unknown = names.find((name) => !pools.has(name as PoolName));
  if (unknown !== undefined) throw unknownPool(term, unknown, pools);
  return new Set(names.flatMap((name) => pools.get(name as PoolName) ?? []));
}

function wildcardHosts(term: Term, { hosts }: TargetFacts): ReadonlySet<HostName> {
  const found = new Set<HostName>();
  for (const host of hosts.keys()) {
    if (term.names.some((name) => fitsWildcard(name, host))) found.add(host as HostName);
  }
  if (found.size > 0) return found;
  throw misread(term, 'no host matches this', 'a wildcard that matches hosts of the inventory');
}

function unknownHost(term: Term, name: string, others: number, { hosts }: TargetFacts): Misread {
  const meant = nearestKnown(name, hosts.keys());
  const called = name === term.word ? 'no host has this name' : `no host is called ${name}`;
  const more = others === 0 ? '' : `, nor ${others} more of them`;
  return misread(term, `${called}${more}`, 'hosts of the inventory', meant);
}

function unknownPool(term: Term, name: string, pools: TargetFacts['pools']): Misread {
  const near = nearestKnown(name, pools.keys());
  const meant = near === undefined ? undefined : `@${near}`;
  const called = `@${name}` === term.word ? 'no pool has this name' : `no pool is called ${name}`;
  return misread(term, called, poolsListed(pools), meant);
}

function poolsListed(pools: TargetFacts['pools']): string {
  const names = [...pools.keys()].slice(0, 5).map((name) => `@${name}`);
  if (names.length === 0) return 'a host name, as there are no pools';
  const rest = pools.size - names.length;
  return `one of the pools ${names.join(', ')}${rest > 0 ? ` or ${rest} more` : ''}`;
}

/** An expression that is accepted as things are: the first pool that has hosts, else the first host. */
function workingTarget({ hosts, pools }: TargetFacts): string {
  for (const [name, members] of pools) if (members.length > 0) return `@${name}`;
  for (const host of hosts.keys()) return host;
  return 'builder-01';
}

function misread({ at, word }: Term, problem: string, expected: string, meant?: string): Misread {
  return new Misread({ at, word, problem, expected, ...meaning(meant) });
}
