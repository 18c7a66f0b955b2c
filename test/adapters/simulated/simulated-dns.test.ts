import { putRecords, zoneWorld } from '../../../src/adapters/simulated/dns/zone-world.ts';
import { simulatedDns } from '../../../src/adapters/simulated/simulated-dns.ts';
import { AT_FIRST, dnsConformance, ZONE } from '../../dns-conformance.ts';

const can = { refuse: true, loseAnswer: true, ignore: true };

dnsConformance(
  'the simulated one',
  async () => {
    let now = Date.UTC(2026, 10, 18, 14, 0);
    const world = zoneWorld({
      zone: ZONE,
      servers: [{ name: 'ns1.example.test' }, { name: 'ns2.example.test', lagMs: 2_000 }],
      records: AT_FIRST.map(({ name, record }) => ({ name, ...record })),
      // Each look takes a while.
      now: () => {
        now += 500;
        return now;
      },
    });
    const [primary, secondary] = world.servers;
    return {
      dns: simulatedDns([world]),
      put: async (name, record) => void putRecords(world, name, [record]),
      freezeSecondary: async () => void Object.assign(secondary ?? {}, { frozenAt: now }),
      thawSecondary: async () => void Object.assign(secondary ?? {}, { frozenAt: undefined }),
      stopSecondary: async () => void Object.assign(secondary ?? {}, { down: true }),
      stopPrimary: async () => void Object.assign(primary, { down: true }),
      refuse: async () => world.faults.set('dns-refuse', 99),
      loseNextAnswer: async () => world.faults.set('dns-lose-answer', 1),
      ignoreNext: async () => world.faults.set('dns-ignore', 1),
      close: async () => undefined,
    };
  },
  can,
);
