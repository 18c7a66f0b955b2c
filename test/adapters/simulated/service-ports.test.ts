import {
  healthyStorage,
  simulatedStorage,
} from '../../../src/adapters/simulated/simulated-storage.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { ServiceCheck } from '../../../src/domain/service-check.ts';
import { checkConformance } from '../../check-conformance.ts';
import { powerConformance } from '../../power-conformance.ts';
import { storageConformance } from '../../storage-conformance.ts';
import { GUEST, lab, METAL } from './fleet/small-fleet.ts';

const WEB: ServiceCheck = {
  name: 'web',
  target: { kind: 'http', scheme: 'https', port: 443, path: '/', status: [200], redirects: 0 },
  successes: 3,
  intervalMs: 5_000,
  deadlineMs: 60_000,
  timeoutMs: 5_000,
};

checkConformance('the simulator', async () => {
  const { fleet, ports } = lab();
  const aim = {
    kind: 'member',
    address: '192.0.2.8',
    name: 'www.example.org',
    host: METAL,
  } as const;
  return {
    checks: ports.checks,
    check: WEB,
    aim,
    gone: { ...aim, host: HostName.parse('builder-99') },
    breakService: async () => fleet.fail(METAL, 'check'),
    close: async () => {},
  };
});

storageConformance('the simulator', async () => {
  const now = () => Date.UTC(2026, 10, 18, 14, 0);
  return { storage: simulatedStorage(healthyStorage(), now), now, close: async () => {} };
});

powerConformance('the simulator', async () => {
  const { ports } = lab();
  const other = HostName.parse('builder-10');
  return { power: ports.power, host: METAL, other, uncontrolled: GUEST, close: async () => {} };
});
