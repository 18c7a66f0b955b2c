import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { framed } from '../../../../src/adapters/infra/dns/exchange-tcp.ts';
import { sendUpdate } from '../../../../src/adapters/infra/dns/send-update.ts';
import {
  parseAddress,
  type ServerAddress,
} from '../../../../src/adapters/infra/dns/server-address.ts';
import { signMessage, splitMessage } from '../../../../src/adapters/infra/dns/tsig.ts';
import type { TsigKey } from '../../../../src/adapters/infra/dns/tsig-key.ts';
import { fruitlessMessage } from '../../../../src/adapters/infra/dns/update-message.ts';
import { freePort } from '../../../free-port.ts';

const KEY: TsigKey = { name: 'bot', algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 1) };
const STRANGER: TsigKey = { ...KEY, secret: Buffer.alloc(32, 2) };
const NOW_S = 1_795_000_000;
const { signal } = new AbortController();

interface Asked {
  readonly bytes: Buffer;
  readonly mac: Buffer;
}

/** A server that answers each update with what `reply` makes of it, frame by frame. */
async function serverWith(reply: (asked: Asked) => readonly Buffer[]): Promise<ServerAddress> {
  const server = createServer((socket) => {
    socket.once('data', (framedBytes) => {
      const bytes = framedBytes.subarray(2);
      const mac = splitMessage(bytes).tsig?.mac ?? Buffer.alloc(0);
      for (const answer of reply({ bytes, mac })) socket.write(framed(answer));
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return address((server.address() as AddressInfo).port);
}

function address(port: number): ServerAddress {
  return parseAddress(`127.0.0.1:${port}`) as ServerAddress;
}

function outcome(server: ServerAddress, timeoutMs = 10_000) {
  const make = (id: number) => fruitlessMessage(id, 'example.org', 'www.example.org');
  const request = { server, key: KEY, what: 'the change', make, now: () => NOW_S * 1000 };
  return sendUpdate(request, { timeoutMs, signal }).catch((problem: unknown) => problem);
}

function header({ bytes }: Asked, rcode: number): Buffer {
  const answer = Buffer.alloc(12);
  answer.writeUInt16BE(bytes.readUInt16BE(0));
  answer.writeUInt16BE(0xa800 | rcode, 2);
  return answer;
}

const signed = (asked: Asked, rcode: number, key = KEY, nowS = NOW_S) =>
  signMessage(header(asked, rcode), key, { nowS, requestMac: asked.mac }).message;

describe('an answer to an update', () => {
  it('counts with a signature of the key', async () => {
    expect(await outcome(await serverWith((asked) => [signed(asked, 0)]))).toBe('done');
    expect(await outcome(await serverWith((asked) => [signed(asked, 8)]))).toBe('unmet');
  });

  it.each([
    ['that is not signed', (asked: Asked) => header(asked, 0)],
    ['that refuses and is not signed', (asked: Asked) => header(asked, 5)],
    ['that another key signed', (asked: Asked) => signed(asked, 0, STRANGER)],
    ['to another question', (asked: Asked) => signed({ ...asked, mac: Buffer.alloc(32) }, 0)],
    ['of long ago', (asked: Asked) => signed(asked, 0, KEY, NOW_S - 301)],
    ['that cannot be read', (asked: Asked) => Buffer.concat([header(asked, 0), Buffer.from('x')])],
  ])('%s proves nothing, neither yes nor no', async (_, reply) => {
    expect(await outcome(await serverWith((asked) => [reply(asked)]))).toMatchObject({
      code: 'dns.answer-unproved',
      effect: 'unknown',
    });
  });

  it.each([
    [5, 'dns.refused', 'none'],
    [9, 'dns.refused', 'none'],
    [10, 'dns.refused', 'none'],
    [2, 'dns.server-failed', 'unknown'],
    [13, 'dns.server-failed', 'unknown'],
  ])('with code %d is %s, effect %s', async (rcode, code, effect) => {
    const server = await serverWith((asked) => [signed(asked, rcode)]);
    expect(await outcome(server)).toMatchObject({ code, effect });
  });

  it('of another id is passed over', async () => {
    const foreign = (asked: Asked) => {
      const answer = header(asked, 0);
      answer.writeUInt16BE((asked.bytes.readUInt16BE(0) + 1) % 0x1_0000);
      return answer;
    };
    const server = await serverWith((asked) => [foreign(asked), signed(asked, 8)]);
    expect(await outcome(server)).toBe('unmet');
  });

  it('that does not come leaves it open what was done, and nothing is sent again', async () => {
    let times = 0;
    const server = await serverWith(() => {
      times += 1;
      return [];
    });
    const failure = await outcome(server, 500);
    expect(failure).toMatchObject({ code: 'dns.no-answer', effect: 'unknown' });
    expect(String(failure)).toContain('nothing within 0.5 s');
    expect(times).toBe(1);
  });

  it('where nobody listens means that nothing was done', async () => {
    expect(await outcome(address(await freePort()))).toMatchObject({
      code: 'dns.no-answer',
      effect: 'none',
    });
  });
});
