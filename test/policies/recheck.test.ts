import { describe, expect, test } from 'vitest';
import { HostName, PoolName } from '../../src/domain/ids.ts';
import type { Held, WantedClaim } from '../../src/policies/held.ts';
import type { InterlockFacts } from '../../src/policies/interlock-facts.ts';
import { decideGoingOn } from '../../src/policies/recheck.ts';

const builders = PoolName.parse('builders');
const host = (n: number) => HostName.parse(`builder-0${n}`);
const since = Date.UTC(2026, 10, 21, 14);

const own: readonly WantedClaim[] = [
  { kind: 'lock', key: 'host/builder-01' },
  { kind: 'budget', pool: builders, host: host(1) },
];
const ours = own.map((claim): Held => ({ op: 'op-7k2m', claim, since }));
const byHand = (key: string, at: number): Held => ({
  claim: { kind: 'lock', key },
  since: at,
  byHand: { by: 'ben', because: 'new disks' },
});

/** It took builder-01 out of service itself. */
function facts(change: Partial<InterlockFacts> = {}, outOfService = [1]): InterlockFacts {
  const pool = { hosts: [1, 2, 3, 4].map(host), maxUnavailable: 2, onePerArchitecture: true };
  return {
    op: 'op-7k2m',
    held: ours,
    waiting: [],
    pools: new Map([[builders, { ...pool, outOfService: outOfService.map(host) }]]),
    architectureOf: (name) => (name === host(1) || name === host(2) ? 's390x' : 'x86_64'),
    capacityOf: () => undefined,
    frozen: { kind: 'open' },
    prefix: '!',
    ...change,
  };
}

const going = (
  change?: Partial<InterlockFacts>,
  outOfService?: number[],
  awayBefore: number[] = [],
) => decideGoingOn({ claims: own, awayBefore: awayBefore.map(host) }, facts(change, outOfService));
const stopped = (...reasons: string[]) => ({ kind: 'blocked', reasons, place: 1 });

describe('before a point of no return', () => {
  test('goes on what would be granted again', () => {
    expect(going()).toEqual({ kind: 'grant' });
    expect(going({}, [1, 3])).toEqual({ kind: 'grant' });
  });

  test('stops what a budget has no place for any more, because somebody else took hosts away', () => {
    expect(going({}, [1, 3, 4])).toEqual(
      stopped(
        '@builders may have 2 of 4 away at once; away now: builder-03 (out of service in the build system), builder-04 (out of service in the build system)',
      ),
    );
  });

  test('stops what would take the last of its architecture', () => {
    expect(going({}, [1, 2])).toEqual(
      stopped('builder-01 is the last s390x of @builders in service'),
    );
  });

  test('does not count a host that was away before it came', () => {
    expect(going({}, [1, 3, 4], [1])).toEqual({ kind: 'grant' });
  });

  test('stops while the build system is silent', () => {
    const pools = new Map(
      [...facts().pools].map(([name, pool]) => [name, { ...pool, outOfService: undefined }]),
    );
    expect(going({ pools }).kind).toBe('unknown');
  });

  test('stops at a freeze and at a lock by hand that came meanwhile', () => {
    expect(going({ frozen: { kind: 'frozen', reasons: ['staging is frozen'] } })).toEqual({
      kind: 'frozen',
      reasons: ['staging is frozen'],
    });
    expect(going({ held: [...ours, byHand('host/builder-01', since + 1)] }).kind).toBe('blocked');
    expect(going({ held: [...ours, byHand('pool/builders', since + 1)] }).kind).toBe('blocked');
    expect(going({ held: [...ours, byHand('host/builder-02', since + 1)] }).kind).toBe('grant');
  });

  test('stops at a quarantine that came meanwhile, and not at one that was there when somebody named the host', () => {
    expect(going({ held: [...ours, byHand('quarantine/builder-01', since + 1)] })).toEqual(
      stopped(
        'builder-01 is quarantined by ben since 2026-11-21 14:00 UTC: "new disks" (!release builder-01 lets groups have it again)',
      ),
    );
    expect(going({ held: [...ours, byHand('quarantine/builder-01', since - 1)] }).kind).toBe(
      'grant',
    );
  });

  test('lets nobody in line keep it: it had its turn', () => {
    const waiting = [{ op: 'op-9abc', claims: own }];
    expect(going({ waiting }).kind).toBe('grant');
  });
});
