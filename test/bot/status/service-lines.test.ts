import { describe, expect, it } from 'vitest';
import type { Bot } from '../../../src/bot/bot.ts';
import { publicServiceLine } from '../../../src/bot/service-lines.ts';
import type { DnsZoneReads, NameLook, ServerAnswer } from '../../../src/jobs/ports/dns-zone.ts';
import type { ReadPorts } from '../../../src/jobs/ports/ports.ts';
import { pairInventory } from '../../jobs/runbooks/swap/pair-inventory.ts';
import { partly } from '../../partly.ts';

function pointsAt(value: string): ServerAnswer {
  const records = [{ type: 'CNAME', value, ttlS: 300 }];
  return { kind: 'answered', server: 'ns1', address: '192.0.2.1:53', records, serial: 1 };
}

const SILENT: ServerAnswer = { kind: 'silent', server: 'ns1', because: 'no answer' };

async function heardByStrangers(answer: ServerAnswer): Promise<string> {
  const look = async () => partly<NameLook>({ servers: [answer] });
  const dns = partly<DnsZoneReads>({ look }) as ReadPorts['dns'];
  const claims = async () => ({ held: [], waiting: [], revision: '1' });
  const bot = partly<Bot>({
    journal: partly<Bot['journal']>({ claims }),
    read: () => partly<ReadPorts>({ dns }),
  });
  const [service] = pairInventory().services.values();
  if (service === undefined) throw new Error('there is no service');
  return publicServiceLine(service, bot, AbortSignal.timeout(1_000));
}

describe('what anybody may hear of a service', () => {
  it('is that it is in service where its name points at a member', async () => {
    expect(await heardByStrangers(pointsAt('node1.example.org'))).toBe('compute: in service');
  });

  it.each([
    ['its only DNS server is silent', SILENT],
    ['its name points elsewhere', pointsAt('old.example.org')],
  ])('is that nobody knows where %s', async (_why, answer) => {
    expect(await heardByStrangers(answer)).toBe('compute: unclear');
  });
});
