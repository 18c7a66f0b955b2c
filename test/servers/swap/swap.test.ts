import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import { askingClient, type Fared } from './asking-client.ts';
import { type SwapSite, swapSite } from './swap-site.ts';

/** What a plan says of how long a unit that may run once runs nowhere, and of the TTL that comes on top, in seconds. */
function gapSaid(notes: readonly string[] = []): { readonly gapS: number; readonly ttlS: number } {
  const said = notes.map((note) =>
    /runs nowhere for about (\d+) s .* at most (\d+) s more/.exec(note),
  );
  const [, gapS, ttlS] = said.find((one) => one !== null) ?? [];
  return { gapS: Number(gapS), ttlS: Number(ttlS) };
}

/** From the moment that the unit is being stopped until every DNS server shows the new member, in milliseconds. */
function movingMs({ timings }: OperationState): number {
  const of = (step: string) => timings.find((timing) => timing.step === step);
  return (of('follow')?.endedAt ?? Number.NaN) - (of('stop-units')?.startedAt ?? Number.NaN);
}

describe('a swap on real servers', () => {
  let site: SwapSite;
  beforeAll(async () => {
    site = await swapSite();
    site.nodes.node1.start('scheduler');
  });
  afterAll(() => site?.close());

  async function whileAsked(
    run: () => Promise<OperationState>,
  ): Promise<{ readonly ended: OperationState; readonly fared: ReadonlyMap<string, Fared> }> {
    const client = askingClient({
      name: site.name,
      server: site.bind.secondary,
      port: site.port,
      paths: ['/', '/scheduler'],
    });
    try {
      const ended = await run();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { ended, fared: await client.stop() };
    } finally {
      await client.stop();
    }
  }

  it.each([
    ['to the standby', { update: true, anytime: false }, 'node2'],
    ['and back', { update: false, anytime: true }, 'node1'],
  ])('goes %s: nobody who asks what runs on both is failed', async (_way, line, active) => {
    const plan = await site.plan(line);
    const { ended, fared } = await whileAsked(() => site.run(plan));
    expect(ended.phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const [both, one] = [fared.get('/'), fared.get('/scheduler')];
    expect(both?.asked).toBeGreaterThan(100);
    expect(both?.failed).toBe(0);
    expect(one?.failed).toBeGreaterThan(0);
    const { gapS, ttlS } = gapSaid(plan.notes);
    console.log(
      `asked ${both?.asked} times of what runs on both: ${both?.failed} failed; the other was away for ${one?.longestGapMs.toFixed()} ms, the plan said about ${gapS} s and up to ${ttlS} s more`,
    );
    // The client sees it once its answer from DNS has run out, and it asks as often as the machine lets it.
    const looksMs = 2 * (both?.longestGapMs ?? Number.NaN);
    expect(one?.longestGapMs).toBeLessThan(movingMs(ended) + ttlS * 1_000 + looksMs);
    expect((await site.plan()).facts).toMatchObject({ from: { host: active } });
    const running = Object.entries(site.nodes).filter(([, node]) => node.isRunning('scheduler'));
    expect(running.map(([name]) => name)).toEqual([active]);
    const enabled = Object.entries(site.nodes).filter(([, node]) => node.isEnabled('scheduler'));
    expect(enabled.map(([name]) => name)).toEqual([active]);
    expect(site.problems).toEqual([]);
  });

  it('goes back by itself when the service fails under its name', async () => {
    const plan = await site.plan();
    const { node1, node2 } = site.nodes;
    const sickOnce = setInterval(() => {
      if (!node2.isRunning('scheduler')) return;
      node2.sick('yes');
      clearInterval(sickOnce);
    }, 5);
    const state = await site.run(plan);
    expect(state.phase).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    node2.sick('no');
    expect((await site.plan()).facts).toMatchObject({ from: { host: 'node1' } });
    expect([node1.isRunning('scheduler'), node2.isRunning('scheduler')]).toEqual([true, false]);
  });
});
