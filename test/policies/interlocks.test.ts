import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostName, PoolName } from '../../src/domain/ids.ts';
import type { Held, WantedClaim } from '../../src/policies/held.ts';
import type { InterlockFacts, PoolFacts } from '../../src/policies/interlock-facts.ts';
import { decideClaims } from '../../src/policies/interlocks.ts';
import { lockedBy } from '../../src/policies/locks.ts';
import { impactInWords } from '../../src/policies/pool-budget.ts';

const builders = PoolName.parse('builders');
const host = (n: number) => HostName.parse(`builder-0${n}`);
const hosts = [1, 2, 3, 4].map(host);
const since = Date.UTC(2026, 10, 21, 14, 3);

const lock = (key: string): WantedClaim => ({ kind: 'lock', key });
const away = (n: number): WantedClaim => ({ kind: 'budget', pool: builders, host: host(n) });
const amount = (units: number): WantedClaim => ({ kind: 'amount', of: 'memory/vhost-01', units });
const held = (claim: WantedClaim, op = 'op-9abc'): Held => ({ op, claim, since });
const byHand = (key: string): Held => ({
  claim: lock(key),
  since,
  byHand: { by: 'ben', because: 'kernel debugging' },
});

type Change = Partial<InterlockFacts> & { readonly pool?: Partial<PoolFacts> };

function facts({ pool, ...change }: Change = {}): InterlockFacts {
  const known = { hosts, maxUnavailable: 2, onePerArchitecture: false, outOfService: [] };
  return {
    op: 'op-7k2m',
    held: [],
    waiting: [],
    pools: new Map([[builders, { ...known, ...pool }]]),
    architectureOf: (name) => (name === host(1) ? 's390x' : 'x86_64'),
    capacityOf: (what) => (what === 'memory/vhost-01' ? 4_096 : undefined),
    frozen: { kind: 'open' },
    prefix: '!',
    ...change,
  };
}

const grant = { kind: 'grant' };
const blocked = (...reasons: string[]) => ({ kind: 'blocked', reasons, place: 1 });

describe('a lock', () => {
  const cases: readonly [string, wanted: string, held: string, expected: string][] = [
    ['stands in the way of the same lock', 'host/builder-01', 'host/builder-01', 'blocked'],
    ['leaves other hosts alone', 'host/builder-02', 'host/builder-01', 'grant'],
    ['on a pool is one on its hosts', 'host/builder-01', 'pool/builders', 'blocked'],
    ['on a host is in the way of its pool', 'pool/builders', 'host/builder-01', 'blocked'],
    ['on a pool leaves hosts of others alone', 'host/web-01', 'pool/builders', 'grant'],
    [
      'on a service leaves a host of that name alone',
      'host/builder-01',
      'service/builder-01',
      'grant',
    ],
    ['on a pool leaves a pool that nobody knows alone', 'host/builder-01', 'pool/web', 'grant'],
  ];
  for (const [title, wanted, taken, expected] of cases) {
    it(title, () => {
      expect(decideClaims([lock(wanted)], facts({ held: [held(lock(taken))] })).kind).toBe(
        expected,
      );
    });
  }

  it('of the operation itself is not in its way', () => {
    const own = facts({ held: [held(lock('host/builder-01'), 'op-7k2m')] });
    expect(decideClaims([lock('host/builder-01')], own)).toEqual(grant);
  });

  it('set by hand is in the way of somebody who is no operation yet', () => {
    const before = facts({ op: undefined, held: [byHand('host/builder-01')] });
    expect(decideClaims([lock('host/builder-01')], before).kind).toBe('blocked');
  });

  it('is explained by who, what and since when', () => {
    const holder = { ...held(lock('host/builder-07')), about: 'reimage builder-07, asked by ana' };
    expect(lockedBy(holder, { prefix: '!' })).toBe(
      'builder-07 is locked by op-9abc (reimage builder-07, asked by ana) since 2026-11-21 14:03 UTC',
    );
  });

  it('set by hand says why and what frees it', () => {
    const inTheWay = facts({ held: [byHand('pool/builders')] });
    expect(decideClaims([lock('host/builder-01')], inTheWay)).toEqual(
      blocked(
        '@builders is locked by ben since 2026-11-21 14:03 UTC: "kernel debugging" (!unlock @builders frees it)',
      ),
    );
  });
});

describe('a budget', () => {
  it('grants up to its limit', () => {
    expect(decideClaims([away(1)], facts({ held: [held(away(2))] }))).toEqual(grant);
  });

  it('counts what operations took and what is out of service, each host once', () => {
    const pool = { outOfService: [host(2), host(3)] };
    expect(decideClaims([away(1)], facts({ pool, held: [held(away(2))] }))).toEqual(
      blocked(
        '@builders may have 2 of 4 away at once; away now: builder-02 (op-9abc), builder-03 (out of service in the build system)',
      ),
    );
    const once = { outOfService: [host(2)] };
    expect(decideClaims([away(1)], facts({ pool: once, held: [held(away(2))] }))).toEqual(grant);
  });

  it('lets a host be worked on that is away already', () => {
    const pool = { outOfService: [host(1), host(2), host(3)] };
    expect(decideClaims([away(1)], facts({ pool }))).toEqual(grant);
  });

  it('does not count what the operation itself holds against it', () => {
    const own = facts({ pool: { maxUnavailable: 1 }, held: [held(away(1), 'op-7k2m')] });
    expect(decideClaims([away(1)], own)).toEqual(grant);
  });

  it('is asked for all hosts of an operation together', () => {
    expect(decideClaims([away(1), away(2)], facts())).toEqual(grant);
    expect(decideClaims([away(1), away(2)], facts({ pool: { maxUnavailable: 1 } }))).toEqual(
      blocked(
        '@builders may have 1 of 4 away at once; away now: builder-01 (wanted by the same operation)',
      ),
    );
  });

  it('of nothing lets nothing go', () => {
    expect(decideClaims([away(1)], facts({ pool: { maxUnavailable: 0 } }))).toEqual(
      blocked('@builders may have 0 of 4 away at once; away now: none'),
    );
  });

  it('is unknown while the build system is silent', () => {
    expect(decideClaims([away(1)], facts({ pool: { outOfService: undefined } }))).toEqual({
      kind: 'unknown',
      because: 'the build system did not say who of @builders is away',
    });
  });

  it('refuses a pool that is not there', () => {
    expect(decideClaims([away(1)], facts({ pools: new Map() }))).toEqual(
      blocked('@builders is not in the inventory'),
    );
  });
});

describe('a pool that keeps one of each architecture', () => {
  const pool = { onePerArchitecture: true, maxUnavailable: 4 };

  it('does not give the last one away', () => {
    expect(decideClaims([away(1)], facts({ pool }))).toEqual(
      blocked('builder-01 is the last s390x of @builders in service'),
    );
    expect(decideClaims([away(1)], facts())).toEqual(grant);
  });

  it('gives one of several, but not all of them at once', () => {
    expect(decideClaims([away(2), away(3)], facts({ pool }))).toEqual(grant);
    expect(decideClaims([away(2), away(3), away(4)], facts({ pool }))).toEqual(
      blocked('builder-04 is the last x86_64 of @builders in service'),
    );
  });

  it('does not count those that are away as left', () => {
    const gone = { ...pool, outOfService: [host(3)] };
    expect(decideClaims([away(2)], facts({ pool: gone, held: [held(away(4))] })).kind).toBe(
      'blocked',
    );
  });
});

describe('an amount', () => {
  it('is granted while there is enough', () => {
    expect(decideClaims([amount(1_024)], facts({ held: [held(amount(3_072))] }))).toEqual(grant);
  });

  it('is refused with what is left', () => {
    expect(decideClaims([amount(1_025)], facts({ held: [held(amount(3_072))] }))).toEqual(
      blocked('memory/vhost-01 has 1024 of 4096 left, 1025 are needed'),
    );
  });

  it('is summed over what one operation wants', () => {
    expect(decideClaims([amount(4_096), amount(1)], facts())).toEqual(
      blocked('memory/vhost-01 has 0 of 4096 left, 1 are needed'),
    );
  });

  it('is unknown where nobody knows how much there is', () => {
    const claim: WantedClaim = { kind: 'amount', of: 'memory/vhost-02', units: 1 };
    expect(decideClaims([claim], facts())).toEqual({
      kind: 'unknown',
      because: 'nobody knows how much there is of memory/vhost-02',
    });
  });
});

describe('several claims', () => {
  const silent = { outOfService: undefined };

  it('are all told what is in their way, in their order', () => {
    const inTheWay = facts({ held: [byHand('host/builder-01'), held(amount(4_096))] });
    const decided = decideClaims([amount(1), lock('host/builder-01')], inTheWay);
    expect(decided).toEqual(
      blocked(
        'memory/vhost-01 has 0 of 4096 left, 1 are needed',
        'builder-01 is locked by ben since 2026-11-21 14:03 UTC: "kernel debugging" (!unlock builder-01 frees it)',
      ),
    );
  });

  it('hear what is certain before what is unknown', () => {
    const both = facts({ pool: silent, held: [byHand('host/builder-01')] });
    expect(decideClaims([away(1), lock('host/builder-01')], both).kind).toBe('blocked');
  });

  it('are not granted while one of them is unknown', () => {
    const decided = decideClaims([lock('host/builder-01'), away(1)], facts({ pool: silent }));
    expect(decided.kind).toBe('unknown');
  });
});

describe('standing in line', () => {
  const waiter = (op: string, ...claims: WantedClaim[]) => ({ op, claims });
  const one = { maxUnavailable: 1 };

  it('lets the one that came first have what was freed, and tells the next its place', () => {
    const waiting = [waiter('op-aaaa', away(1)), waiter('op-bbbb', away(2))];
    const free = (op: string | undefined) => facts({ op, pool: one, waiting });
    expect(decideClaims([away(1)], free('op-aaaa'))).toEqual(grant);
    const second = '2nd in line for @builders behind op-aaaa';
    expect(decideClaims([away(2)], free('op-bbbb'))).toEqual({
      ...blocked(second),
      place: 2,
    });
    const third = '3rd in line for @builders behind op-bbbb';
    expect(decideClaims([away(3)], free('op-cccc'))).toEqual({ ...blocked(third), place: 3 });
  });

  it('says what is in the way besides', () => {
    const waiting = [waiter('op-aaaa', away(1))];
    const full = facts({ pool: one, waiting, held: [held(away(3))] });
    expect(decideClaims([away(2)], full)).toEqual({
      ...blocked(
        '@builders may have 1 of 4 away at once; away now: builder-03 (op-9abc)',
        '2nd in line for @builders behind op-aaaa',
      ),
      place: 2,
    });
  });

  it('keeps a small one from overtaking a large one that fits as soon as others end', () => {
    const waiting = [waiter('op-aaaa', amount(4_000))];
    const busy = facts({ waiting, held: [held(amount(1_024))] });
    expect(decideClaims([amount(512)], busy)).toMatchObject({ kind: 'blocked', place: 2 });
    expect(decideClaims([amount(512)], { ...busy, waiting: [] })).toEqual(grant);
  });

  it('lets pass whoever delays nobody before it', () => {
    const waiting = [waiter('op-aaaa', away(1), lock('host/builder-01'))];
    const inTheWay = [held(lock('host/builder-01'))];
    expect(decideClaims([away(2)], facts({ waiting, held: inTheWay }))).toEqual(grant);
    expect(decideClaims([away(2)], facts({ pool: one, waiting, held: inTheWay })).kind).toBe(
      'blocked',
    );
  });

  it('lets everybody pass one whom a person keeps waiting', () => {
    const waiting = [waiter('op-aaaa', away(1), lock('host/builder-01'))];
    const locked = facts({ pool: one, waiting, held: [byHand('host/builder-01')] });
    expect(decideClaims([away(2)], locked)).toEqual(grant);
    const never = facts({ waiting: [waiter('op-aaaa', amount(9_000))] });
    expect(decideClaims([amount(1)], never)).toEqual(grant);
  });

  it('lets everybody pass one that foreign downtime keeps waiting, and not what operations took', () => {
    const pool = { maxUnavailable: 2, outOfService: [host(3), host(4)] };
    const waiting = [waiter('op-aaaa', away(1), amount(4_096))];
    expect(decideClaims([amount(1)], facts({ pool, waiting }))).toEqual(grant);
    const ours = [held(away(3)), held(away(4))];
    expect(decideClaims([amount(1)], facts({ pool, waiting, held: ours })).kind).toBe('blocked');
  });

  it('is by what is wanted: others are in other lines', () => {
    const waiting = [waiter('op-aaaa', lock('pool/builders')), waiter('op-bbbb', amount(4_096))];
    const line = facts({ waiting, held: [held(lock('host/builder-04'))] });
    expect(decideClaims([lock('service/wiki')], line)).toEqual(grant);
    expect(decideClaims([lock('host/builder-01')], line)).toMatchObject({
      reasons: ['2nd in line for builder-01 behind op-aaaa'],
    });
  });
});

describe('the figures of a pool', () => {
  const budget = { kind: 'budget', pool: builders, host: host(1) } as const;

  it('say from where to where, and how many stay', () => {
    expect(impactInWords(budget, facts({ held: [held(away(2))] }))).toBe(
      'takes @builders from 3/4 to 2/4 (at least 2)',
    );
  });

  it('say when the host is away already', () => {
    expect(impactInWords(budget, facts({ pool: { outOfService: [host(1)] } }))).toBe(
      'leaves @builders at 3/4 (at least 2): builder-01 is away already',
    );
  });

  it('are not made up while the build system is silent', () => {
    expect(impactInWords(budget, facts({ pool: { outOfService: undefined } }))).toBeUndefined();
  });
});

describe('granting one operation after the other', () => {
  const waiter = (op: string, claims: readonly WantedClaim[]) => ({ op, claims });
  const someHosts = fc.subarray([1, 2, 3, 4]);
  const steps = fc.array(
    fc.record({
      op: fc.constantFrom('op-aaaa', 'op-bbbb', 'op-cccc'),
      wants: someHosts,
      foreign: someHosts,
      ends: fc.boolean(),
    }),
    { maxLength: 12 },
  );

  it('never takes more hosts away than the budget allows, in whatever order, whoever else does', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 4 }), (order, maxUnavailable) => {
        let now: readonly Held[] = [];
        for (const { op, wants, foreign, ends } of order) {
          if (ends) now = now.filter((one) => one.op !== op);
          if (now.some((one) => one.op === op)) continue;
          const outOfService = foreign.map(host);
          const wanted = wants.flatMap((n) => [lock(`host/${host(n)}`), away(n)]);
          const pool = { maxUnavailable, outOfService };
          if (decideClaims(wanted, facts({ op, pool, held: now })).kind !== 'grant') continue;
          const before = gone(now, outOfService);
          now = [...now, ...wanted.map((claim) => held(claim, op))];
          const after = gone(now, outOfService);
          // What we do stays inside the budget; beyond it we only touch what is away already.
          expect(after.size <= maxUnavailable || after.size === before.size).toBe(true);
        }
      }),
    );
  });

  it('lets nobody pass who would keep away a host that others will have given back', () => {
    const waiting = [waiter('op-aaaa', [away(1), away(2)])];
    const held3 = [held(away(3))];
    expect(decideClaims([away(3)], facts({ waiting, held: held3 })).kind).toBe('blocked');
    expect(decideClaims([away(3)], facts({ held: held3 }))).toEqual(grant);
  });

  it('never delays those that came before by what came later', () => {
    const claim = fc.oneof(
      fc.integer({ min: 1, max: 4 }).map(away),
      fc.integer({ min: 1, max: 4 }).map((n) => lock(`host/${host(n)}`)),
      fc.integer({ min: 1, max: 4_096 }).map(amount),
    );
    const some = fc.array(claim, { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(some, some, some, (holds, first, wanted) => {
        const now = holds.map((one) => held(one));
        const line = facts({ op: undefined, held: now, waiting: [waiter('op-aaaa', first)] });
        if (decideClaims(wanted, line).kind !== 'grant') return;
        const alone = (beside: readonly Held[]) =>
          decideClaims(first, facts({ op: 'op-aaaa', held: beside })).kind;
        const later = wanted.map((one) => held(one, 'op-bbbb'));
        expect(alone([...now, ...later])).toBe(alone(now));
        if (alone([]) === 'grant') expect(alone(later)).toBe('grant');
      }),
      { numRuns: 2_000 },
    );
  });

  it('comes to everybody, in whatever order they came and others ended', () => {
    const claim = fc.oneof(
      fc.integer({ min: 1, max: 4 }).map(away),
      fc.integer({ min: 1, max: 4 }).map((n) => lock(`host/${host(n)}`)),
      fc.constant(lock('pool/builders')),
      fc.integer({ min: 1, max: 4_096 }).map(amount),
    );
    const wishes = fc.array(fc.array(claim, { minLength: 1, maxLength: 3 }), { maxLength: 8 });
    const pool = { maxUnavailable: 1 };
    fc.assert(
      fc.property(wishes, fc.array(fc.nat()), (wanted, ends) => {
        const possible = wanted.filter(
          (one) => decideClaims(one, facts({ pool })).kind === 'grant',
        );
        const line = possible.map((claims, nth) => waiter(`op-${nth}`, claims));
        let waiting = line;
        let running: readonly string[] = [];
        const heldBy = (ops: readonly string[]) =>
          line.flatMap(({ op, claims }) =>
            ops.includes(op) ? claims.map((c) => held(c, op)) : [],
          );
        for (let turn = 0; waiting.length > 0; turn += 1) {
          for (const { op, claims } of waiting) {
            const now = facts({ op, pool, waiting, held: heldBy(running) });
            if (decideClaims(claims, now).kind !== 'grant') continue;
            running = [...running, op];
            waiting = waiting.filter((one) => one.op !== op);
          }
          // Somebody always runs while somebody waits.
          expect(running.length > 0 || waiting.length === 0).toBe(true);
          const end = running[(ends[turn] ?? 0) % running.length];
          running = running.filter((op) => op !== end);
        }
      }),
    );
  });

  it('never gives one lock to two operations', () => {
    const keys = fc.constantFrom(
      'pool/builders',
      'host/builder-01',
      'host/builder-02',
      'service/x',
    );
    fc.assert(
      fc.property(fc.array(keys), (order) => {
        const taken: string[] = [];
        order.forEach((key, index) => {
          const now = taken.map((one, at) => held(lock(one), `op-${at}`));
          const decided = decideClaims([lock(key)], facts({ op: `op-new${index}`, held: now }));
          if (decided.kind === 'grant') taken.push(key);
        });
        expect(new Set(taken).size).toBe(taken.length);
        const onHosts = taken.filter((key) => key.startsWith('host/'));
        expect(taken.includes('pool/builders') && onHosts.length > 0).toBe(false);
      }),
    );
  });
});

function gone(now: readonly Held[], outOfService: readonly HostName[]): ReadonlySet<HostName> {
  const claimed = now.flatMap(({ claim }) => (claim.kind === 'budget' ? [claim.host] : []));
  return new Set([...claimed, ...outOfService]);
}
