import type { CheckResult, CheckTarget } from '../../domain/service-check.ts';
import type { ServiceChecks } from '../../jobs/ports/service-checks.ts';
import type { Fleet } from './fleet/fleet.ts';
import { answers } from './fleet/lab-host.ts';

/** Services of a fleet: each check passes while the host aimed at answers, and where nothing was made to fail. */
export function simulatedChecks(fleet: Fleet): ServiceChecks {
  return {
    async probe({ target, from }, { host: name }, signal): Promise<CheckResult> {
      signal.throwIfAborted();
      const world = fleet.world();
      const expected = EXPECTED[target.kind];
      const asker = from && world.hosts.get(from);
      if (from !== undefined && (asker === undefined || !answers(asker)))
        return { kind: 'unknown', expected, because: `${from} cannot be reached` };
      const host = world.hosts.get(name);
      if (host === undefined || !answers(host))
        return { kind: 'failed', expected, came: 'connection refused' };
      if (world.faults.strike(name, 'check')) return { kind: 'failed', expected, came: 'HTTP 503' };
      return { kind: 'passed', expected, came: expected };
    },
  };
}

const EXPECTED: Readonly<Record<CheckTarget['kind'], string>> = {
  http: 'HTTP 200',
  tcp: 'a connection',
  dns: 'the records',
  smtp: 'a greeting',
  repository: 'an index that is young enough',
  command: 'code 0',
};
