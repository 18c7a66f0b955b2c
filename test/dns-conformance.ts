import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../src/domain/failure.ts';
import { HostName } from '../src/domain/ids.ts';
import { agreementOf, lagging } from '../src/jobs/dns/agreement.ts';
import type { DnsZone, ServerAnswer } from '../src/jobs/ports/dns-zone.ts';
import { eventually } from './servers/program/eventually.ts';

/** One record as a person would put it there; the name has no others afterwards. */
export interface PutRecord {
  readonly type: 'A' | 'CNAME';
  readonly value: string;
  readonly ttlS: number;
}

/** `example.test` on a primary and a secondary. Every name may be changed. */
export interface DnsUnderTest {
  readonly dns: DnsZone;
  /** Somebody else changes a name, on the primary. */
  put(name: HostName, record: PutRecord): Promise<void>;
  /** The secondary follows no more, and answers still. */
  freezeSecondary(): Promise<void>;
  thawSecondary(): Promise<void>;
  /** It answers nothing any more. */
  stopSecondary(): Promise<void>;
  stopPrimary(): Promise<void>;
  /** The servers refuse changes from now on. Absent where it cannot be had. */
  refuse?(): Promise<void>;
  /** The next change is carried out and its answer is lost. Absent where it cannot be had. */
  loseNextAnswer?(): Promise<void>;
  /** The next change is answered with yes and changes nothing. Absent where it cannot be had. */
  ignoreNext?(): Promise<void>;
  close(): Promise<void>;
}

export const ZONE = 'example.test';
export const NAME = HostName.parse('compute.example.test');
export const PLAIN = HostName.parse('plain.example.test');
export const NODE_1 = HostName.parse('node1.example.test');
export const NODE_2 = HostName.parse('node2.example.test');
const TTL_S = 300;

/** What is in the zone at the beginning. */
export const AT_FIRST: readonly { readonly name: HostName; readonly record: PutRecord }[] = [
  { name: NAME, record: { type: 'CNAME', value: NODE_1, ttlS: TTL_S } },
  { name: PLAIN, record: { type: 'A', value: '192.0.2.7', ttlS: TTL_S } },
  { name: NODE_1, record: { type: 'A', value: '192.0.2.1', ttlS: TTL_S } },
  { name: NODE_2, record: { type: 'A', value: '192.0.2.2', ttlS: TTL_S } },
];

/** What every DnsZone promises. `make` is called before each test. */
export function dnsConformance(
  name: string,
  make: () => Promise<DnsUnderTest>,
  can: { readonly refuse: boolean; readonly loseAnswer: boolean; readonly ignore: boolean },
): void {
  describe(`${name} as a DNS zone`, () => {
    const { signal } = new AbortController();
    let under: DnsUnderTest;
    let dns: DnsZone;
    beforeEach(async () => {
      under = await make();
      dns = under.dns;
    });
    afterEach(() => under.close());

    const look = (at = NAME) => dns.look(at, signal);
    const forth = { name: NAME, from: NODE_1, to: NODE_2, ttlS: 60 };
    const back = { name: NAME, from: NODE_2, to: NODE_1, ttlS: 60 };
    const change = (wanted = forth) => dns.change(wanted, signal);
    const agree = (to: HostName) =>
      eventually(async () => {
        const agreement = agreementOf(await look());
        return agreement.kind === 'agreed' && agreement.target === to;
      });
    const primary = async () => (await look()).servers[0];

    it('says what each server answers, with its TTL and the serial of the zone', async () => {
      const { servers, zone } = await look();
      expect(zone).toBe(ZONE);
      expect(servers).toHaveLength(2);
      for (const answer of servers) {
        expect(answer).toMatchObject({
          kind: 'answered',
          records: [{ type: 'CNAME', value: NODE_1, ttlS: TTL_S }],
        });
      }
      const serials = new Set(servers.map(serialOf));
      expect(serials.size).toBe(1);
    });

    it('says what is there that is no alias, and that nothing is there', async () => {
      expect((await look(PLAIN)).servers[0]).toMatchObject({
        records: [{ type: 'A', value: '192.0.2.7', ttlS: TTL_S }],
      });
      expect((await look(HostName.parse('nowhere.example.test'))).servers[1]).toMatchObject({
        kind: 'answered',
        records: [],
      });
    });

    it('knows no name outside its zones', async () => {
      for (const other of ['www.example.net', 'badexample.test']) {
        const asked = dns.look(HostName.parse(other), signal);
        await expect(asked).rejects.toMatchObject({ code: 'dns.unknown-zone', effect: 'none' });
      }
    });

    it('points the name elsewhere, and every server follows', async () => {
      const before = serialOf(await primary());
      const outcome = await change();
      expect(outcome).toEqual({ kind: 'changed', serial: expect.any(Number) });
      const now = await primary();
      expect(now).toMatchObject({ records: [{ type: 'CNAME', value: NODE_2, ttlS: 60 }] });
      expect(serialOf(now)).toBeGreaterThan(before);
      expect(outcome).toMatchObject({ serial: serialOf(now) });
      await eventually(async () => lagging(await look(), { to: NODE_2, ttlS: 60 }).length === 0);
    });

    it('points it back the same way', async () => {
      await change();
      expect(await change(back)).toMatchObject({ kind: 'changed' });
      await agree(NODE_1);
    });

    it('leaves other names alone', async () => {
      await change();
      expect((await look(PLAIN)).servers[0]).toMatchObject({ records: [{ value: '192.0.2.7' }] });
    });

    it('changes the TTL alone, down and up again, also twice', async () => {
      for (const ttlS of [30, 30, 3600]) {
        const wanted = { name: NAME, from: NODE_1, to: NODE_1, ttlS };
        expect(await change(wanted)).toMatchObject({ kind: 'changed' });
        expect(await primary()).toMatchObject({ records: [{ value: NODE_1, ttlS }] });
      }
    });

    it('changes nothing that somebody else has changed, and says what is there', async () => {
      const theirs = { type: 'CNAME', value: 'node3.example.test', ttlS: 120 } as const;
      await under.put(NAME, theirs);
      expect(await change()).toEqual({ kind: 'conflict', found: [theirs] });
      expect(await primary()).toMatchObject({ records: [theirs] });
    });

    it('changes no TTL either where the name points elsewhere', async () => {
      const wanted = { name: NAME, from: NODE_2, to: NODE_2, ttlS: 30 };
      expect(await change(wanted)).toMatchObject({ kind: 'conflict' });
      expect(await primary()).toMatchObject({ records: [{ value: NODE_1, ttlS: TTL_S }] });
    });

    it('makes no alias of an address, or of nothing', async () => {
      expect(await change({ ...forth, name: PLAIN })).toMatchObject({
        kind: 'conflict',
        found: [{ type: 'A', value: '192.0.2.7' }],
      });
      const nowhere = HostName.parse('nowhere.example.test');
      expect(await change({ ...forth, name: nowhere })).toEqual({ kind: 'conflict', found: [] });
    });

    it('asked twice, finds the second time what the first made', async () => {
      await change();
      expect(await change()).toMatchObject({ kind: 'conflict', found: [{ value: NODE_2 }] });
    });

    it('asked twice at once, is carried out once', async () => {
      const outcomes = await Promise.all([change(), change()]);
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['changed', 'conflict']);
    });

    it('goes on while a secondary does not follow, and shows which one lags', async () => {
      await under.freezeSecondary();
      await change();
      const late = await look();
      expect(agreementOf(late)).toMatchObject({ kind: 'differ' });
      expect(lagging(late, { to: NODE_2, ttlS: 60 })).toEqual([
        expect.stringMatching(/^ns2\.example\.test .*: node1\.example\.test \(CNAME, TTL 300\)$/),
      ]);
      await under.thawSecondary();
      await agree(NODE_2);
    });

    it('says which server is silent, and takes that for no agreement', async () => {
      await under.stopSecondary();
      const seen = await look();
      expect(seen.servers[1]).toMatchObject({ kind: 'silent', server: 'ns2.example.test' });
      expect(agreementOf(seen)).toMatchObject({ kind: 'unknown' });
      expect(await change()).toMatchObject({ kind: 'changed' });
    });

    it('changes nothing when the primary is down', async () => {
      await under.stopPrimary();
      await expect(change()).rejects.toMatchObject({ code: 'dns.no-answer' });
      expect((await look()).servers).toMatchObject([
        { kind: 'silent' },
        { records: [{ value: NODE_1 }] },
      ]);
    });

    it.runIf(can.refuse)('says that it was refused, and has changed nothing', async () => {
      await under.refuse?.();
      await expect(change()).rejects.toMatchObject({ code: 'dns.refused', effect: 'none' });
      expect(await primary()).toMatchObject({ records: [{ value: NODE_1, ttlS: TTL_S }] });
    });

    it.runIf(can.ignore)('is not deceived by a yes that changed nothing', async () => {
      await under.ignoreNext?.();
      const failure = await change().catch((problem: unknown) => problem);
      expect(failure).toMatchObject({ code: 'dns.not-changed', effect: 'unknown' });
      expect(String(failure)).toContain(NODE_1);
    });

    it.runIf(can.loseAnswer)(
      'does not know what became of a change without an answer',
      async () => {
        await under.loseNextAnswer?.();
        const failure = await change().catch((problem: unknown) => problem);
        expect(failure).toBeInstanceOf(Failure);
        expect(failure).toMatchObject({ code: 'dns.no-answer', effect: 'unknown' });
        await agree(NODE_2);
        expect(await change()).toMatchObject({ kind: 'conflict', found: [{ value: NODE_2 }] });
      },
    );
  });
}

function serialOf(answer: ServerAnswer): number {
  if (answer.kind === 'silent') throw new Error(answer.because);
  return answer.serial;
}
