import { describe, expect, it, onTestFinished } from 'vitest';
import { putRecords } from '../../src/adapters/simulated/dns/zone-world.ts';
import { dnsConformance, NAME, NODE_1, NODE_2 } from '../dns-conformance.ts';
import { labZone } from './lab-zone.ts';

const can = { refuse: true, loseAnswer: true, ignore: true };
const CHANGE = { name: NAME, from: NODE_1, to: NODE_2, ttlS: 60 };
const { signal } = new AbortController();

dnsConformance(
  'the lab',
  async () => {
    const { dns, world, close } = await labZone();
    const [primary, secondary] = world.servers;
    return {
      dns,
      put: async (name, record) => void putRecords(world, name, [record]),
      freezeSecondary: async () => void Object.assign(secondary ?? {}, { frozenAt: Date.now() }),
      thawSecondary: async () => void Object.assign(secondary ?? {}, { frozenAt: undefined }),
      stopSecondary: async () => void Object.assign(secondary ?? {}, { down: true }),
      stopPrimary: async () => void Object.assign(primary, { down: true }),
      refuse: async () => world.faults.set('dns-refuse', 99),
      loseNextAnswer: async () => world.faults.set('dns-lose-answer', 1),
      ignoreNext: async () => world.faults.set('dns-ignore', 1),
      close,
    };
  },
  can,
);

describe('the name servers of the lab', () => {
  it('judge signatures by the clock', async () => {
    const { dns, close } = await labZone(() => Date.now() + 600_000);
    onTestFinished(close);
    await expect(dns.change(CHANGE, signal)).rejects.toMatchObject({
      code: 'dns.clocks-differ',
      effect: 'none',
    });
  });

  it('carry nothing out that was lost on the way', async () => {
    const { dns, world, close } = await labZone();
    onTestFinished(close);
    world.faults.set('dns-lose-request', 1);
    await expect(dns.change(CHANGE, signal)).rejects.toMatchObject({
      code: 'dns.no-answer',
      effect: 'unknown',
    });
    expect(await dns.change(CHANGE, signal)).toMatchObject({ kind: 'changed' });
  });

  it('can be checked', async () => {
    const { check, primary, close } = await labZone();
    onTestFinished(close);
    expect(await check(signal)).toBe(
      `example.test on 2 servers, serial 2026111800, ${primary} takes updates with the key bot`,
    );
  });
});
