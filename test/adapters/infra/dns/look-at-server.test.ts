import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lookAtServer } from '../../../../src/adapters/infra/dns/look-at-server.ts';
import {
  parseAddress,
  type ServerAddress,
} from '../../../../src/adapters/infra/dns/server-address.ts';
import { freePort } from '../../../free-port.ts';

const AUTHORITATIVE = 1 << 10;
const NAME = 'www.example.org';
const SOA: Answer = {
  name: 'example.org',
  type: 'SOA',
  ttl: 3600,
  data: { mname: 'ns1.example.org', rname: 'hostmaster.example.org', serial: 7 },
};
const CNAME: Answer = { name: NAME, type: 'CNAME', ttl: 60, data: 'Node1.Example.ORG' };
const { signal } = new AbortController();

interface Manners {
  readonly flags?: number;
  readonly cname?: Answer;
  /** Sent before the answer, from the same place. */
  readonly before?: (question: Buffer) => Buffer;
}

async function look({ flags = AUTHORITATIVE, cname = CNAME, before }: Manners) {
  const server = createSocket('udp4');
  onTestFinished(() => void server.close());
  server.on('message', (bytes, { port, address }) => {
    const { id = 0, questions = [] } = decode(bytes);
    const answers = questions[0]?.type === 'SOA' ? [SOA] : [cname];
    if (before) server.send(before(bytes), port, address);
    const answer = encode({ type: 'response', id, flags, questions, answers });
    server.send(answer, port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return lookAt(server.address().port);
}

function lookAt(port: number) {
  const address = parseAddress(`127.0.0.1:${port}`) as ServerAddress;
  const place = { name: 'ns1.example.org', address };
  return lookAtServer(place, { zone: 'example.org', name: NAME }, { timeoutMs: 3_000, signal });
}

describe('what a name server says', () => {
  it('is taken with its TTL and the serial of the zone, in lower case', async () => {
    expect(await look({})).toMatchObject({
      kind: 'answered',
      records: [{ type: 'CNAME', value: 'node1.example.org', ttlS: 60 }],
      serial: 7,
    });
  });

  it('without authority is nothing, as a resolver says it', async () => {
    expect(await look({ flags: 0 })).toMatchObject({
      kind: 'silent',
      because: 'it answers without authority',
    });
  });

  it('is nothing when it refuses', async () => {
    const because = 'it answers REFUSED';
    expect(await look({ flags: AUTHORITATIVE | 5 })).toMatchObject({ kind: 'silent', because });
  });

  it('of other names is passed over', async () => {
    const cname = { ...CNAME, name: 'ftp.example.org' } as Answer;
    expect(await look({ cname })).toMatchObject({ kind: 'answered', records: [] });
  });

  it('has no signs that do harm where it is shown', async () => {
    const cname = { ...CNAME, data: 'a\u0007b\u202e c.example.org' } as Answer;
    const seen = await look({ cname });
    expect(seen).toMatchObject({ records: [{ value: expect.stringMatching(/^[a-z?.]+$/) }] });
  });

  it('is waited for while somebody sends other things', async () => {
    const forged = (question: Buffer) => {
      const other = Buffer.from(question);
      other.writeUInt16BE((question.readUInt16BE(0) + 1) % 0x1_0000, 0);
      other.writeUInt16BE(0x8400, 2);
      return other;
    };
    expect(await look({ before: forged })).toMatchObject({ kind: 'answered', serial: 7 });
    expect(await look({ before: () => Buffer.from('x') })).toMatchObject({ kind: 'answered' });
  });

  it('is nothing where nobody listens', async () => {
    expect(await lookAt(await freePort())).toMatchObject({ kind: 'silent' });
  });
});
