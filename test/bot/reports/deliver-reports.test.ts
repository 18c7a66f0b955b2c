import { afterEach, describe, expect, test } from 'vitest';
import { httpWebhook } from '../../../src/adapters/web/report-webhook/http-webhook.ts';
import type { Follower } from '../../../src/bot/feed/follow-feed.ts';
import type { Sleep } from '../../../src/bot/feed/sleep.ts';
import { deliverReports } from '../../../src/bot/reports/deliver-reports.ts';
import { until } from '../../until.ts';
import { silence, status, webhookServer } from '../../webhook-server.ts';
import { createWorld } from '../world.ts';

const HOUR = 60 * 60_000;
const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** On a busy machine an answer takes its time, and whoever does not wait for it asks again. */
const PATIENCE_MS = 30_000;

/** A team whose bot reports to one program; waiting between two tries takes no time, and is noted. */
async function reporting(patienceMs = PATIENCE_MS) {
  const own = { world: await createWorld(), server: await webhookServer() };
  opened.push(own.server);
  const log: string[] = [];
  const slept: number[] = [];
  let at = 0;
  let sleeping: Sleep = async (ms) => {
    slept.push(ms);
    at += ms;
  };
  const start = (name = 'tickets', to = own.server): Follower => {
    const follower = deliverReports({
      webhook: httpWebhook({
        name,
        settings: () => ({ url: to.url, secret: 'tickets-webhook' }),
        secret: async () => 'secret',
        now: Date.now,
        patienceMs,
      }),
      journal: own.world.journal,
      estimates: own.world.estimates,
      timeScale: 1,
      now: () => own.world.now() + at,
      log: (message) => log.push(message),
      report: (problem) => own.world.problems.push(problem),
      sleep: (ms, signal) => sleeping(ms, signal),
    });
    opened.unshift({ close: () => follower.stop() });
    return follower;
  };
  return {
    ...own,
    log,
    slept,
    start,
    sleepsBy(how: Sleep) {
      sleeping = how;
    },
    cleans: async () => {
      await own.world.says('rik', '!clean builder-01');
      for (let nth = 0; nth < 5; nth += 1) await own.world.passes(1);
      const [newest] = (await own.world.operations()).slice(-1);
      return newest;
    },
    gets: (count: number) => until(() => own.server.received.length === count),
    reports: () => own.server.received.map(({ body }) => JSON.parse(body)),
  };
}

describe('a program that wants reports', () => {
  test('gets one of each operation that ends from now on, in their order', async () => {
    const { cleans, start, gets, reports, world } = await reporting();
    await cleans();
    start();
    await until(async () => (await world.journal.cursor('webhook tickets')) !== '0');
    const ops = [await cleans(), await cleans()];
    await gets(2);
    expect(reports().map(({ op }) => op)).toEqual(ops);
    expect(world.problems).toEqual([]);
  });

  test('is told who was part of it, how long each step took, and how it ended', async () => {
    const { world, start, gets, reports } = await reporting();
    start();
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('ana', '!clean builder-01');
    await world.passes(5);
    await world.reacts('ben', '👍');
    await world.passes(10);
    world.troubles.set('test', 'bad sector');
    world.farm.finishes('builder-01');
    await world.passes(5);
    await world.passes(1);
    await world.says('ana', '!retry op-1');
    await world.says('ana', '!skip op-1');
    await gets(1);
    const [{ op, ...report }] = reports();
    expect(op).toBe((await world.operations())[0]);
    expect(report).toEqual({
      event: 'ended',
      parent: null,
      runbook: { name: 'clean', version: 1 },
      command: 'clean builder-01',
      zone: 'staging',
      hosts: ['builder-01'],
      outcome: 'with-skips',
      because: 'every step is over, some were skipped',
      leftBehind: null,
      requester: 'ana',
      approvers: ['ben'],
      selfApproved: false,
      answerers: ['ana'],
      breakGlass: null,
      requestedAt: '2026-11-18T14:00:00.000Z',
      startedAt: '2026-11-18T14:05:00.000Z',
      endedAt: '2026-11-18T14:21:00.000Z',
      steps: [
        step('disable', { result: 'done', tries: 1 }),
        step('drain', { result: 'done', tries: 1, tookMs: 16 * 60_000 }),
        step('wipe', { result: 'done', tries: 1 }),
        step('test', { result: 'skipped', tries: 2 }),
      ],
      retries: 1,
      skips: ['test'],
    });
  });

  test('is told of an operation that did nothing', async () => {
    const { world, start, gets, reports } = await reporting();
    start();
    await world.says('ana', '!clean builder-01');
    await world.says('ana', '!cancel op-1 changed my mind');
    await gets(1);
    expect(reports()[0]).toMatchObject({
      outcome: 'cancelled',
      startedAt: null,
      approvers: [],
      steps: ['disable', 'drain', 'wipe', 'test'].map((id) => step(id, { result: 'not-run' })),
    });
  });

  test('and that fails for a while gets it as soon as it works again, more and more slowly', async () => {
    const { server, start, cleans, gets, slept, log, world } = await reporting(1_500);
    server.answers(status(500), status(503), silence, status(500), status(204));
    start();
    await cleans();
    await gets(5);
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(log[0]).toMatch(/^webhook tickets: op-\w+ again in 1 s: HTTP 500$/);
    const keys = server.received.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys)).toEqual(new Set(await world.operations()));
  });

  test('and asks us to wait is not asked before', async () => {
    const { server, start, cleans, gets, slept } = await reporting();
    server.answers(status(429, { 'retry-after': '600' }), status(204));
    start();
    await cleans();
    await gets(2);
    expect(slept).toEqual([600_000]);
  });

  test('and was given up on is said once in the channel, and the reports after it go on', async () => {
    const { server, start, cleans, gets, log, world } = await reporting();
    server.answers(status(404), status(410), status(204), status(404), status(204));
    start();
    const [first] = [await cleans(), await cleans()];
    await until(() => log.length === 2);
    await cleans();
    await gets(3);
    await cleans();
    await gets(4);
    await cleans();
    await gets(5);
    expect(log).toHaveLength(3);
    expect(log[0]).toBe(`webhook tickets: gave up on ${first}: HTTP 404`);
    const said = world
      .heard('#builders')
      .filter((line) => line.includes('report not delivered'))
      .map((line) => line.replace(/op-\w+/, 'OP'));
    expect(said).toEqual([
      'OP report not delivered to tickets: HTTP 404',
      'OP report not delivered to tickets: HTTP 404',
    ]);
  });

  test('and is dead for a day is given up on, for this report', async () => {
    const { server, start, cleans, log, slept } = await reporting();
    await server.close();
    opened.length = 0;
    start();
    const op = await cleans();
    await until(() => log.some((line) => line.includes('gave up')));
    const hours = slept.reduce((sum, ms) => sum + ms, 0) / HOUR;
    expect(hours).toBeGreaterThan(23.8);
    expect(hours).toBeLessThan(24.2);
    expect(Math.max(...slept)).toBe(5 * 60_000);
    expect(log.at(-1)).toMatch(`webhook tickets: gave up on ${op}: tried for 24 h, at last: `);
  });

  test('keeps no other one waiting', async () => {
    const { server, start, cleans, gets, sleepsBy } = await reporting();
    const slow = await webhookServer();
    opened.push(slow);
    slow.answers(status(500));
    sleepsBy(
      (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    start('slow', slow);
    start('tickets', server);
    await cleans();
    await cleans();
    await gets(2);
    expect(slow.received).toHaveLength(1);
  });

  test('loses nothing when the bot is started again between two tries', async () => {
    const { server, start, cleans, gets, reports, sleepsBy, world } = await reporting();
    server.answers(status(500));
    const waiting = Promise.withResolvers<void>();
    sleepsBy((_ms, signal) => {
      waiting.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    });
    const before = start();
    const first = await cleans();
    await waiting.promise;
    await before.stop();
    const second = await cleans();
    server.answers(status(204));
    start();
    await gets(3);
    expect(reports().map(({ op }) => op)).toEqual([first, first, second]);
    expect(world.problems).toEqual([]);
  });
});

function step(id: string, more: Readonly<Record<string, unknown>>) {
  return {
    step: id,
    target: 'builder-01',
    undone: false,
    tries: 0,
    tookMs: 0,
    usuallyMs: null,
    ...more,
  };
}
