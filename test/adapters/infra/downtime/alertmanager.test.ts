import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import driver from '../../../../src/adapters/infra/alertmanager.ts';
import { OpId, UserId } from '../../../../src/domain/ids.ts';
import { HOST } from '../../../downtime-conformance.ts';
import { connectDowntime } from './connect-downtime.ts';

const { signal } = new AbortController();
const op = OpId.parse('op-7k2m');
const notice = {
  op,
  by: UserId.parse('ana'),
  reason: 'reimage builder-07',
  until: Date.now() + 60_000,
};

interface Member {
  readonly url: string;
  /** Method, path and authorization of each request. */
  readonly asked: string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };

/** Something that answers HTTP at an address of its own; without an answer, it never does. */
async function member(answer: Answer = json([])): Promise<Member> {
  const asked: string[] = [];
  const listener: Answer = (request, response) => {
    const { method, url = '', headers } = request;
    asked.push([method, url.split('?')[0], headers.authorization].filter(Boolean).join(' '));
    request.resume().on('end', () => answer(request, response));
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** An address where nothing listens any more. */
async function gone(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function hookOf(urls: readonly string[], more: Record<string, unknown> = {}, env = {}) {
  return connectDowntime(driver, { urls, 'timeout-s': 0.5, ...more }, env);
}

describe('several Alertmanagers', () => {
  it.each([
    ['is down', () => gone()],
    ['hangs', async () => (await member(() => undefined)).url],
    ['is behind a proxy that does not reach it', async () => (await member(json('', 502))).url],
  ])('are asked in turn where the first %s', async (_, first) => {
    const second = await member();
    const { hook } = hookOf([await first(), second.url]);
    await hook.begin(HOST, notice, signal);
    expect(second.asked).toEqual(['GET /api/v2/silences', 'POST /api/v2/silences']);
  });

  it('are asked from the one on that answered last', async () => {
    const first = await member(json('', 503));
    const second = await member();
    const { hook } = hookOf([first.url, second.url]);
    await hook.begin(HOST, notice, signal);
    expect(first.asked).toHaveLength(1);
  });

  it('of which none answers are all named', async () => {
    const [first, second] = [await gone(), await gone()];
    const failed = hookOf([first, second]).hook.begin(HOST, notice, signal);
    await expect(failed).rejects.toMatchObject({ code: 'downtime.no-answer', effect: 'none' });
    for (const url of [first, second]) {
      await expect(failed).rejects.toThrow(`Alertmanager at ${new URL(url).host} did not answer`);
    }
  });

  it('are not asked again what one of them refused', async () => {
    const first = await member(json('silence invalid: bad regular expression', 400));
    const second = await member();
    await expect(
      hookOf([first.url, second.url]).hook.begin(HOST, notice, signal),
    ).rejects.toMatchObject({
      code: 'downtime.refused',
      message: expect.stringContaining(
        'refused GET silences: HTTP 400: silence invalid: bad regular expression',
      ),
    });
    expect(second.asked).toEqual([]);
  });
});

describe('an Alertmanager', () => {
  it('may stand behind a path', async () => {
    const { url, asked } = await member();
    await hookOf([`${url}/alerts/`]).hook.end(HOST, op, signal);
    expect(asked).toEqual(['GET /alerts/api/v2/silences']);
  });

  it.each([
    ['a page', '<html>Welcome'],
    ['something else', '{"silences": 1}'],
  ])('that answers with %s is none', async (_, text) => {
    const { url } = await member((__, response) => response.end(text));
    const { hook, check } = hookOf([url]);
    await expect(hook.end(HOST, op, signal)).rejects.toMatchObject({ code: 'downtime.unreadable' });
    await expect(check(signal)).rejects.toMatchObject({ code: 'downtime.unreadable' });
  });

  it('whose answer to a change is lost may have carried it out', async () => {
    const { url } = await member((request, response) => {
      if (request.method === 'GET') json([])(request, response);
      else response.destroy();
    });
    await expect(hookOf([url]).hook.begin(HOST, notice, signal)).rejects.toMatchObject({
      code: 'downtime.no-answer',
      effect: 'unknown',
    });
  });

  it('keeps one of two silences of an operation, and that with its start', async () => {
    const silence = (id: string) => ({
      id,
      createdBy: 'signalbox op-7k2m',
      startsAt: '2026-11-18T14:00:00.123Z',
      status: { state: 'active' },
    });
    const strangers = { ...silence('c'), createdBy: 'ana' };
    const expired = { ...silence('d'), status: { state: 'expired' } };
    const { url, asked } = await member(json([expired, silence('a'), silence('b'), strangers]));
    await hookOf([url]).hook.begin(HOST, notice, signal);
    expect(asked.slice(1)).toEqual(['POST /api/v2/silences', 'DELETE /api/v2/silence/b']);
  });
});

describe('the login', () => {
  const env = { SIGNALBOX_SECRET_ALERTS: 'hunter2\n' };

  it('is a user with a password', async () => {
    const { url, asked } = await member();
    const login = { user: 'signalbox', 'password-from': 'alerts' };
    await hookOf([url], { login }, env).hook.end(HOST, op, signal);
    const basic = Buffer.from('signalbox:hunter2').toString('base64');
    expect(asked).toEqual([`GET /api/v2/silences Basic ${basic}`]);
  });

  it('or a token', async () => {
    const { url, asked } = await member();
    await hookOf([url], { login: { 'bearer-from': 'alerts' } }, env).hook.end(HOST, op, signal);
    expect(asked).toEqual(['GET /api/v2/silences Bearer hunter2']);
  });

  it('whose secret is not at hand is asked for by name', async () => {
    const { url, asked } = await member();
    const { hook } = hookOf([url], { login: { 'bearer-from': 'alerts' } });
    await expect(hook.end(HOST, op, signal)).rejects.toMatchObject({ code: 'secret.missing' });
    expect(asked).toEqual([]);
  });

  it('is told by the Alertmanager when it is wrong, and not repeated', async () => {
    const { url } = await member(json('Unauthorized', 401));
    const { hook } = hookOf([url], { login: { 'bearer-from': 'alerts' } }, env);
    const failed = hook.end(HOST, op, signal);
    await expect(failed).rejects.toThrow('HTTP 401: Unauthorized');
    await expect(failed).rejects.not.toThrow('hunter2');
  });
});

describe('the configuration of the alertmanager driver', () => {
  const urls = ['https://alerts.example.org'];

  it('needs nothing but an address', () => {
    expect(driver.config.parse({ urls })).toMatchObject({
      matchers: [{ label: 'instance', operator: '=~', value: '{host}(:[0-9]+)?' }],
      'timeout-s': 4,
    });
  });

  it.each([
    [{ urls: [] }, 'urls'],
    [{ urls: ['alerts.example.org:9093'] }, 'expected an address that begins with https'],
    [{ urls: ['https://bot:hunter2@alerts.example.org'] }, 'without user, password'],
    [{ urls, matchers: ['instance'] }, 'expected a matcher such as'],
    [{ urls, matchers: ['team="web"'] }, 'expected {host} in one of them'],
    [{ urls, matchers: ['instance!="{host}"'] }, 'expected {host} in one of them'],
    [{ urls, matchers: [] }, 'expected {host} in one of them'],
    [
      { urls: ['http://alerts.example.org'], login: { 'bearer-from': 'alerts' } },
      'plain http would show it',
    ],
  ])('%j is refused', (config, complaint) => {
    expect(() => driver.config.parse(config)).toThrow(complaint);
  });

  it('lets a login go over plain http only on this machine', () => {
    const login = { 'bearer-from': 'alerts' };
    expect(driver.config.safeParse({ urls: ['http://127.0.0.1:9093'], login }).success).toBe(true);
  });
});
