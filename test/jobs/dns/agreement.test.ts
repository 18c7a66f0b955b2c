import { describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import { agreementOf, lagging } from '../../../src/jobs/dns/agreement.ts';
import type { DnsRecord, NameLook, ServerAnswer } from '../../../src/jobs/ports/dns-zone.ts';

const cname = (value: string, ttlS = 60): DnsRecord => ({ type: 'CNAME', value, ttlS });
const address: DnsRecord = { type: 'A', value: '192.0.2.7', ttlS: 60 };
const answered = (server: string, ...records: DnsRecord[]): ServerAnswer => {
  return { kind: 'answered', server, address: '192.0.2.53:53', records, serial: 7 };
};
const silent: ServerAnswer = { kind: 'silent', server: 'ns3', because: 'nothing within 3 s' };
const look = (...servers: [ServerAnswer, ...ServerAnswer[]]): NameLook => {
  return { name: HostName.parse('www.example.org'), zone: 'example.org', servers };
};

describe('the servers of a zone', () => {
  it('agree when each points the name to the same place, and the longest TTL counts', () => {
    const seen = look(answered('ns1', cname('a', 60)), answered('ns2', cname('a', 300)));
    expect(agreementOf(seen)).toEqual({ kind: 'agreed', target: 'a', ttlS: 300 });
  });

  it('differ when one points elsewhere, and it is said who says what', () => {
    const seen = look(answered('ns1', cname('a')), answered('ns2', cname('b')));
    expect(agreementOf(seen)).toEqual({
      kind: 'differ',
      because: 'ns1 192.0.2.53:53: a (CNAME, TTL 60); ns2 192.0.2.53:53: b (CNAME, TTL 60)',
    });
  });

  it('agree on nothing where the name is no alias, or not there', () => {
    expect(agreementOf(look(answered('ns1', address)))).toMatchObject({ kind: 'differ' });
    expect(agreementOf(look(answered('ns1')))).toEqual({
      kind: 'differ',
      because: 'ns1 192.0.2.53:53: no such record',
    });
  });

  it('are not known to agree while one is silent', () => {
    const seen = look(answered('ns1', cname('a')), silent);
    expect(agreementOf(seen)).toEqual({ kind: 'unknown', because: 'ns3: nothing within 3 s' });
  });

  it('lag until each shows target and TTL', () => {
    const wanted = { to: HostName.parse('b'), ttlS: 60 };
    const late = look(
      answered('ns1', cname('b')),
      answered('ns2', cname('b', 300)),
      answered('ns3', cname('a')),
      silent,
    );
    expect(lagging(late, wanted)).toHaveLength(3);
    expect(lagging(look(answered('ns1', cname('b'))), wanted)).toEqual([]);
  });
});
