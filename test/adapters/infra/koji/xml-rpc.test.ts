import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeAnswer } from '../../../../src/adapters/infra/koji/encode-xml-rpc.ts';
import { kojiSession } from '../../../../src/adapters/infra/koji/session.ts';
import { callXmlRpc } from '../../../../src/adapters/infra/koji/xml-rpc.ts';

const signal = new AbortController().signal;
const call = { method: 'disableHost', params: ['builder-01'] };

/** Something that answers every request in the same way, as a broken front end does. */
async function frontEnd(status: number, text: string): Promise<URL> {
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/kojihub`);
}

const LOGGED_IN = encodeAnswer({ 'session-id': 1, 'session-key': 'k', 'header-auth': true });

describe('a call', () => {
  const request = { headers: {}, tls: {}, call, signal };

  it('takes answers up to a size', async () => {
    const text = encodeAnswer('x'.repeat(100));
    const url = await frontEnd(200, text);
    const size = Buffer.byteLength(text);
    expect(await callXmlRpc({ ...request, url, maxAnswerBytes: size })).toHaveLength(100);
    await expect(callXmlRpc({ ...request, url, maxAnswerBytes: size - 1 })).rejects.toThrow(
      `its answer is larger than ${size - 1} bytes`,
    );
  });

  it('believes nothing that comes with another status than 200', async () => {
    const url = await frontEnd(502, encodeAnswer(true));
    await expect(callXmlRpc({ ...request, url, maxAnswerBytes: 1_000 })).rejects.toThrow(
      'HTTP 502',
    );
  });
});

describe('a change behind a broken front end', () => {
  async function changed(status: number, text: string) {
    process.env.SIGNALBOX_KOJI_PASSWORD = 'secret';
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      if (asked === 1) response.end(LOGGED_IN);
      else response.writeHead(status).end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const hub = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/kojihub`);
    const login = { kind: 'password', user: 'bot', passwordFile: undefined } as const;
    return kojiSession({ hub, login, timeoutMs: 2_000 }).change(call, signal);
  }

  it('may have been carried out after a 502 or an answer nobody can read', async () => {
    expect(await changed(502, '')).toMatchObject({
      kind: 'lost',
      failure: { code: 'koji.no-answer', effect: 'unknown' },
    });
    expect(await changed(200, '<html/>')).toMatchObject({
      kind: 'lost',
      failure: { code: 'koji.unreadable', effect: 'unknown' },
    });
  });

  it('was not carried out after a 403', async () => {
    await expect(changed(403, '')).rejects.toMatchObject({
      code: 'koji.no-answer',
      effect: 'none',
      message: expect.stringMatching(/did not answer disableHost: HTTP 403$/),
    });
  });
});
