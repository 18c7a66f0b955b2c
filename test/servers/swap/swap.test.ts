import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askingClient, type Fared } from './asking-client.ts';
import { type SwapSite, swapSite } from './swap-site.ts';

/** What a plan says of how long a unit that may run once runs nowhere, in milliseconds, with the TTL that comes on top. */
function gapSaid(notes: readonly string[] = []): number {
  const said = notes.map((note) =>
    /runs nowhere for about (\d+) s .* at most (\d+) s more/.exec(note),
  );
  const [, gapS, ttlS] = said.find((one) => one !== null) ?? [];
  return (Number(gapS) + Number(ttlS)) * 1_000;
}

describe('a swap on real servers', { timeout: 180_000 }, () => {
  let site: SwapSite;
  beforeAll(async () => {
    site = await swapSite();
    site.nodes.node1.start('scheduler');
  }, 120_000);
  afterAll(() => site?.close(), 60_000);

  async function whileAsked(run: () => Promise<unknown>): Promise<ReadonlyMap<string, Fared>> {
    const client = askingClient({
      name: site.name,
      server: site.bind.secondary,
      port: site.port,
      paths: ['/', '/scheduler'],
    });
    try {
      await run();
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
    }
    return client.stop();
  }

  it.each([
    ['to the standby', { update: true, anytime: false }, 'node2'],
    ['and back', { update: false, anytime: true }, 'node1'],
  ])('goes %s: nobody who asks what runs on both is failed', async (_way, line, active) => {
    const plan = await site.plan(line);
    const fared = await whileAsked(async () => {
      const state = await site.run(plan);
      expect(state.phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    });
    expect(fared.get('/')?.asked).toBeGreaterThan(100);
    expect(fared.get('/')?.failed).toBe(0);
    expect(fared.get('/scheduler')?.failed).toBeGreaterThan(0);
    expect(fared.get('/scheduler')?.longestGapMs).toBeLessThan(gapSaid(plan.notes));
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
