import { describe, expect, it } from 'vitest';
import { readServices } from '../../../src/bot/status/read-status.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { DnsZoneReads, NameLook, ServerAnswer } from '../../../src/jobs/ports/dns-zone.ts';
import type { ReadPorts } from '../../../src/jobs/ports/ports.ts';
import { pairInventory } from '../../jobs/runbooks/swap/pair-inventory.ts';
import { partly } from '../../partly.ts';

const inventory = () => pairInventory();

function says(value: string): ServerAnswer {
  const records = [{ type: 'CNAME', value, ttlS: 300 }];
  return { kind: 'answered', server: 'ns1', address: '192.0.2.1:53', records, serial: 1 };
}

const SILENT: ServerAnswer = { kind: 'silent', server: 'ns2', because: 'no answer' };

async function active(...servers: readonly ServerAnswer[]) {
  const look = async () => partly<NameLook>({ servers: servers as NameLook['servers'] });
  const dns = partly<DnsZoneReads>({ look }) as ReadPorts['dns'];
  const [service] = await readServices({ inventory, read: () => partly<ReadPorts>({ dns }) });
  return service?.active;
}

describe('which member of a service is active', () => {
  it('is what every DNS server says', async () => {
    expect(await active(says('node1.example.org'), says('node1.example.org'))).toBe('node1');
    expect(await active(says('node1.example.org'), says('node2.example.org'))).toBeUndefined();
  });

  it('is not known where a DNS server is silent, or it points elsewhere', async () => {
    expect(await active(says('node1.example.org'), SILENT)).toBeUndefined();
    expect(await active(SILENT)).toBeUndefined();
    expect(await active(says('old.example.org'))).toBeUndefined();
  });

  it('is not known where DNS cannot be asked, which fails nothing', async () => {
    const look = () =>
      Promise.reject(
        new Failure({
          code: 'dns.no-answer',
          problem: 'DNS did not answer',
          because: 'timeout',
          effect: 'none',
          next: 'Look at it.',
        }),
      );
    const dns = partly<DnsZoneReads>({ look }) as ReadPorts['dns'];
    const read = () => partly<ReadPorts>({ dns });
    expect(await readServices({ inventory, read })).toEqual([
      { name: 'compute', active: undefined },
    ]);
  });
});
