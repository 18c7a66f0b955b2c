import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { describe, expect, it, type TestContext } from 'vitest';
import { eventually } from './eventually.ts';
import { anaIsHere, knowFarm, type LabSite, labSite } from './lab-site.ts';
import { type Signalbox, signalbox } from './signalbox.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

describe.concurrent('a process that says how it is', () => {
  it('is ready while it can do its work, says what is wrong when the store is away, and counts what it does', async (context) => {
    const site = await aSite(context);
    const bot = await started(context, site, ['bot']);
    const worker = await started(context, site, ['worker', '--zone', 'staging']);
    expect(await get(bot, '/readyz')).toEqual([
      200,
      expect.stringMatching(
        /^ok {2}store: Redis at 127\.0\.0\.1:\d+ answers\nok {2}talk on console: this bot\n/,
      ),
    ]);
    await eventually(async () => (await get(worker, '/readyz'))[0] === 200);
    expect((await get(worker, '/readyz'))[1]).toContain('ok  worker of staging: takes work');
    bot.process.type('!reimage builder-08');
    await bot.process.prints(/DONE in/);
    const [, ofWorker] = await get(worker, '/metrics');
    expect(ofWorker).toContain(
      'signalbox_operations_ended_total{zone="staging",outcome="succeeded"} 1',
    );
    expect(ofWorker).toContain(
      'signalbox_steps_ended_total{runbook="reimage",step="reinstall",way="run",result="done"} 1',
    );
    expect(ofWorker).toContain('signalbox_due_lag_seconds{zone="staging"} 0');
    const [, ofBot] = await get(bot, '/metrics');
    expect(ofBot).toContain(
      'signalbox_operations_requested_total{runbook="reimage",zone="staging"} 1',
    );
    expect(ofBot).toContain('signalbox_duty_held{duty="talk on console"} 1');
    expect(ofBot).toContain('signalbox_operations_open{state="open"} 0');
    expect(ofBot).toContain('signalbox_narrator_lag_seconds{network="console"}');
    expect(`${ofBot}${ofWorker}`).not.toMatch(/builder-08|op-[0-9a-z]{4}|ana/);
    const logged = worker.process
      .err()
      .split('\n')
      .filter((line) => line.includes('"step":"reinstall"'));
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      zone: 'staging',
      op: expect.stringMatching(/^op-/),
    });
    await site.redis.kill();
    for (const { process: _, ...one } of [bot, worker]) {
      expect(await get(one, '/healthz')).toEqual([200, 'ok\n']);
      const [status, text] = await get(one, '/readyz');
      expect([status, text]).toEqual([503, expect.stringMatching(/^NO {2}store: /)]);
    }
    await site.redis.start();
    for (const one of [bot, worker])
      await eventually(async () => (await get(one, '/readyz'))[0] === 200);
    const redis = new Redis(site.redis.url);
    await redis.config('SET', 'appendfsync', 'no');
    redis.disconnect();
    expect((await get(bot, '/readyz'))[1]).toContain('appendfsync is no, not always');
  });

  it('sends one trace for an operation, whose parts come from bot and worker', async (context) => {
    const site = await aSite(context);
    const received = await receiver(context);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: received.url, OTEL_BSP_SCHEDULE_DELAY: '100' };
    const traced = { ...site, env: { ...site.env, ...env } };
    const bot = await started(context, traced, ['bot']);
    await started(context, traced, ['worker', '--zone', 'staging']);
    bot.process.type('!reimage builder-08');
    await bot.process.prints(/DONE in/);
    const root = () => received.spans.find(({ name }) => name === 'operation');
    await eventually(() => root() !== undefined);
    expect(new Set(received.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(root()?.parentSpanId ?? '').toBe('');
    const named = (name: RegExp) => received.spans.filter((span) => name.test(span.name));
    expect(named(/^add/).some(({ parentSpanId }) => parentSpanId === root()?.spanId)).toBe(true);
    expect(named(/^run reinstall$/)).not.toHaveLength(0);
    const ids = new Set(received.spans.map(({ spanId }) => spanId));
    expect(named(/^run /).every(({ parentSpanId = '' }) => ids.has(parentSpanId))).toBe(true);
  });
});

interface Asked {
  readonly at: string;
}

async function get({ at }: Asked, path: string): Promise<readonly [number, string]> {
  const answer = await fetch(`http://${at}${path}`);
  return [answer.status, await answer.text()];
}

async function started(
  context: TestContext,
  site: LabSite,
  args: readonly string[],
): Promise<Asked & { readonly process: Signalbox }> {
  const process = signalbox([...args, '--status', '0'], site);
  context.onTestFinished(() => process.clear());
  await process.prints(/is up, with/);
  const at = /http:\/\/([\d.:]+)\/readyz/.exec(process.err())?.[1] ?? '';
  expect(at).toMatch(/^127\.0\.0\.1:/);
  return { process, at };
}

async function aSite(context: TestContext): Promise<LabSite> {
  const site = await labSite(context);
  await anaIsHere(site.farm);
  await knowFarm(site);
  return site;
}

/** Takes in traces as an OpenTelemetry collector does, in JSON. */
async function receiver({ onTestFinished }: TestContext) {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { resourceSpans = [] } = JSON.parse(Buffer.concat(chunks).toString());
    for (const { scopeSpans } of resourceSpans) {
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { spans, url: `http://127.0.0.1:${port}` };
}
