import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpWebhook } from '../../../../src/adapters/web/report-webhook/http-webhook.ts';
import { retryAfterMs } from '../../../../src/adapters/web/report-webhook/retry-after.ts';
import type { OperationReport } from '../../../../src/bot/reports/operation-report.ts';
import {
  hangUp,
  type Received,
  silence,
  status,
  type WebhookServer,
  webhookServer,
} from '../../../webhook-server.ts';

const NOW = Date.UTC(2026, 10, 18, 14, 0, 0, 500);
const SECRET = 'a key that both sides know';
const REPORT = { event: 'ended', op: 'op-7k2m', because: 'Grüße' } as OperationReport;
const never = new AbortController().signal;

let server: WebhookServer;
beforeEach(async () => {
  server = await webhookServer();
});
afterEach(() => server.close());

function post({
  url = server.url,
  patienceMs = 10_000,
  secret = async () => SECRET,
  signal = never,
} = {}) {
  const settings = () => ({ url, secret: 'tickets-webhook' });
  const webhook = httpWebhook({ name: 'tickets', settings, secret, now: () => NOW, patienceMs });
  return webhook.post(REPORT, signal);
}

describe('a webhook', () => {
  it('is posted the report as JSON, once, with the operation as its key', async () => {
    expect(await post()).toEqual({ kind: 'delivered' });
    const [first, ...more] = server.received;
    const { path, headers, body } = first as Received;
    expect(more).toEqual([]);
    expect(path).toBe('/hook?for=signalbox');
    expect(JSON.parse(body)).toEqual(REPORT);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['idempotency-key']).toBe('op-7k2m');
  });

  it('can tell that it comes from us, and when', async () => {
    await post();
    const { headers, body } = server.received[0] as Received;
    const timestamp = headers['x-signalbox-timestamp'];
    expect(timestamp).toBe(String(Math.floor(NOW / 1_000)));
    const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-signalbox-signature']).toBe(`sha256=${expected}`);
  });

  it.each([200, 201, 202, 204])('has taken it when it answers %d', async (code) => {
    server.answers(status(code));
    expect(await post()).toEqual({ kind: 'delivered' });
  });

  it.each([500, 502, 503, 408, 425, 429])('may take it later when it answers %d', async (code) => {
    server.answers(status(code));
    expect(await post()).toEqual({ kind: 'not-now', because: `HTTP ${code}` });
  });

  it.each([400, 401, 403, 404, 410, 413, 422])(
    'never takes it when it answers %d',
    async (code) => {
      server.answers(status(code));
      expect(await post()).toEqual({ kind: 'refused', because: `HTTP ${code}` });
    },
  );

  it.each([301, 302, 307, 308])('is not followed elsewhere by %d', async (code) => {
    const elsewhere = await webhookServer();
    server.answers(status(code, { location: elsewhere.url.href }));
    expect(await post()).toEqual({
      kind: 'refused',
      because: `HTTP ${code}, and redirects are not followed`,
    });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('says how long to wait', async () => {
    server.answers(status(429, { 'retry-after': '7' }));
    expect(await post()).toEqual({ kind: 'not-now', because: 'HTTP 429', afterMs: 7_000 });
    server.answers(status(503, { 'retry-after': new Date(NOW + 89_500).toUTCString() }));
    expect(await post()).toEqual({ kind: 'not-now', because: 'HTTP 503', afterMs: 89_500 });
  });

  it('that does not answer in time may take it later', async () => {
    server.answers(silence);
    expect(await post({ patienceMs: 50 })).toEqual({
      kind: 'not-now',
      because: 'no answer within 0.05 s',
    });
  });

  it('that hangs up, or is not there, may take it later', async () => {
    server.answers(hangUp);
    expect(await post()).toMatchObject({ kind: 'not-now' });
    const gone = await webhookServer();
    await gone.close();
    for (const name of ['127.0.0.1', 'localhost']) {
      const url = new URL(gone.url.href.replace('127.0.0.1', name));
      const because = expect.stringContaining('ECONNREFUSED');
      expect(await post({ url })).toEqual({ kind: 'not-now', because });
    }
  });

  it('is not posted to without the secret, and may take it later', async () => {
    const secret = () => Promise.reject(new Error('the secret is not at hand'));
    expect(await post({ secret })).toEqual({
      kind: 'not-now',
      because: 'the secret is not at hand',
    });
    expect(server.received).toEqual([]);
  });

  it('is let go of at once when the bot stops', async () => {
    server.answers(silence);
    const stop = new AbortController();
    const posting = post({ signal: stop.signal });
    stop.abort(new Error('the bot stops'));
    await expect(posting).rejects.toThrow('the bot stops');
  });
});

describe('Retry-After', () => {
  it.each([
    [null, undefined],
    ['soon', undefined],
    ['120', 120_000],
    ['0', 1_000],
    ['999999', 3_600_000],
    ['Wed, 18 Nov 2026 13:00:00 GMT', 1_000],
    ['Wed, 18 Nov 2026 14:05:00 GMT', 299_500],
  ])('%s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});
