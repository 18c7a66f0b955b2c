import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { hostOf } from '../../../domain/in-inventory.ts';
import type { Service } from '../../../domain/service.ts';
import type { ReadPorts } from '../../ports/ports.ts';

/** Asks each standby check once. A Failure says which one did not pass: it is stale, or its disks fail. */
export async function testStandby(
  { name, dns, standbyChecks }: Service,
  host: HostName,
  { checks, inventory }: Pick<ReadPorts, 'checks' | 'inventory'>,
  signal: AbortSignal,
): Promise<void> {
  const { address } = hostOf(inventory.current(), host);
  const aim = { kind: 'member', host, address, name: dns.name } as const;
  for (const check of standbyChecks) {
    const result = await checks.probe(check, aim, signal);
    if (result.kind === 'passed') continue;
    const came = result.kind === 'failed' ? result.came : `nobody knows: ${result.because}`;
    throw new Failure({
      code: 'swap.standby',
      problem: `${host} is no standby that ${name} could move to`,
      because: `${check.name}: expected ${result.expected}, came ${came}`,
      effect: 'none',
      next: `Mend it on ${host}, then ask again.`,
    });
  }
}
