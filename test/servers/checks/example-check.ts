import probe from '../../../src/adapters/infra/probe-checks.ts';
import { HostName, ZoneName } from '../../../src/domain/ids.ts';
import type { CheckAim, CheckTarget, ServiceCheck } from '../../../src/domain/service-check.ts';
import type { RemoteShell } from '../../../src/jobs/ports/remote-shell.ts';
import type { ServiceChecks } from '../../../src/jobs/ports/service-checks.ts';

export const NAME = 'www.example.org';
export const NODE = HostName.parse('node-01');
export const MEMBER: CheckAim = { kind: 'member', host: NODE, address: '127.0.0.1', name: NAME };
export const PUBLIC: CheckAim = { kind: 'public', host: NODE, name: NAME };

export function checkOf(
  target: CheckTarget,
  more: Partial<Pick<ServiceCheck, 'from' | 'timeoutMs'>> = {},
): ServiceCheck {
  const thresholds = { successes: 1, intervalMs: 1_000, deadlineMs: 60_000, timeoutMs: 20_000 };
  return { name: 'example', target, ...thresholds, ...more };
}

type HttpTarget = Extract<CheckTarget, { kind: 'http' }>;

export function http(port: number, more: Partial<HttpTarget> = {}): HttpTarget {
  return { kind: 'http', scheme: 'https', port, path: '/', status: [200], redirects: 0, ...more };
}

/** The driver as a zone has it. */
export function probeFor(config: Record<string, unknown>, shell?: RemoteShell): ServiceChecks {
  const absent = () => {
    throw new Error('not used by checks');
  };
  return probe.connect(probe.config.parse(config), {
    zone: ZoneName.parse('test'),
    inventory: { current: absent },
    hostKeys: { expected: absent, replace: absent },
    secrets: { read: absent },
    shell: () => shell ?? absent(),
  }).port;
}
