import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import { eventually } from '../program/eventually.ts';
import type { VirtGuest } from '../reimage/virt-guest.ts';
import { askingClient } from './asking-client.ts';
import { type BuilderName, type Builders, startBuilders } from './builders.ts';
import { onRecord } from './on-record.ts';
import { type SwapSite, swapSite } from './swap-site.ts';

/** An emulated guest on a busy machine starts and stops many times in this time. */
const PATIENCE_MS = 200_000;
/** So much faster waits end, while patience is still more than a busy machine needs. */
const PACE = 3;
/** Whatever is waited for is waited for too long. */
const OUT_OF_PATIENCE = 100;

const TO_STANDBY = { update: true, anytime: false };
const BACK = { update: false, anytime: true };

/** A guest that checks in may not be up yet: it logs people in, and that is this one of its lives. */
async function answersAs(guest: VirtGuest, life: number): Promise<void> {
  const bootId = () => {
    try {
      return guest.run('cat /proc/sys/kernel/random/boot_id').trim();
    } catch {
      return undefined;
    }
  };
  await eventually(() => guest.boots().length === life, PATIENCE_MS);
  await eventually(() => bootId() === guest.boots().at(-1), PATIENCE_MS);
}

describe('a swap with guests of libvirt as builders', { timeout: 2 * PATIENCE_MS }, () => {
  let builders: Builders;
  let site: SwapSite;
  let standby: VirtGuest;
  beforeAll(async () => {
    builders = await startBuilders();
    site = await swapSite(builders);
    site.nodes.node1.start('scheduler');
    const { farm, guests } = builders;
    farm.state.putHost({ name: 'builder-01', enabled: false, comment: 'swap, op-2222, ana' });
    farm.state.putHost({ name: 'builder-02', comment: 'slow disk', checkedInAt: 0 });
    standby = guests['builder-02'];
    standby.virsh('start');
    await eventually(() => farm.state.host('builder-02').checkedInAt !== 0, PATIENCE_MS);
    await answersAs(standby, 1);
  }, 2 * PATIENCE_MS);
  afterAll(async () => {
    await site?.close();
    await builders?.close();
  });

  /** A builder as libvirt and the hub say. */
  function place(name: BuilderName): string {
    const { enabled } = builders.farm.state.host(name);
    return `${builders.guests[name].state()}, ${enabled ? 'enabled' : 'disabled'}`;
  }

  const activeNode = async () => (await site.plan()).facts;
  const record = (since: number) => onRecord(builders, site.bind, since);

  /** It has ended or asks, with the standby as it was and the service where it was. */
  async function isUnmoved(since: number): Promise<void> {
    expect(await activeNode()).toMatchObject({ from: { host: 'node1' } });
    expect(site.nodes.node1.isRunning('scheduler')).toBe(true);
    expect(record(since).filter((line) => /^(?:dns|libvirt)/.test(line))).toEqual([]);
  }

  function failedStep({ phase, results }: OperationState, step: string) {
    expect(phase).toMatchObject({ kind: 'asking', way: 'run', step });
    return results.get(step as never);
  }

  it('leaves everything in its place when a builder does not power off', async () => {
    const since = Date.now();
    const [boots, button] = [standby.boots(), '/etc/acpi/PWRF/00000080'];
    standby.run(`echo 'echo deaf >/dev/console' >${button}`);
    try {
      const asking = await site.run(await site.plan(TO_STANDBY), OUT_OF_PATIENCE);
      expect(failedStep(asking, 'shut-down-1')).toMatchObject({ code: 'swap.guest-runs-on' });
      await eventually(() => standby.console().includes('deaf'), PATIENCE_MS);
      expect(place('builder-02')).toBe('running, disabled');
      await isUnmoved(since);
      const ended = await site.answer(asking, 'rollback', PACE);
      expect(ended.phase).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    } finally {
      standby.run(`echo poweroff >${button}`);
    }
    expect(place('builder-02')).toBe('running, enabled');
    expect(standby.boots()).toEqual(boots);
    await isUnmoved(since);
  });

  it('leaves everything in its place when a builder falls silent over a build', async () => {
    const since = Date.now();
    const { state } = builders.farm;
    state.putTask({ id: 7, method: 'buildArch', hostId: state.host('builder-02').id });
    standby.virsh('suspend');
    try {
      const asking = await site.run(await site.plan(TO_STANDBY), OUT_OF_PATIENCE);
      expect(asking.phase).toMatchObject({
        kind: 'asking',
        step: 'drain-1',
        prompt: { question: expect.stringContaining('builder-02 has not checked in since') },
      });
      expect(place('builder-02')).toBe('paused, disabled');
      await isUnmoved(since);
      const ended = await site.answer(asking, 'abort', PACE);
      expect(ended.phase).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    } finally {
      standby.virsh('resume');
      state.putTask({ id: 7, state: 'closed' });
    }
    expect(place('builder-02')).toBe('running, enabled');
    await isUnmoved(since);
  });

  it.each([
    [
      'to the standby',
      TO_STANDBY,
      { to: 'node2', leaving: 'builder-02', coming: 'builder-01', comment: '' },
    ],
    [
      'and back',
      BACK,
      { to: 'node1', leaving: 'builder-01', coming: 'builder-02', comment: 'slow disk' },
    ],
  ] as const)('goes %s, and nobody who asks is failed', async (_way, line, expected) => {
    const { to, leaving, coming, comment } = expected;
    const since = Date.now();
    const [left, came] = [builders.guests[leaving], builders.guests[coming]];
    const before = came.boots();
    const plan = await site.plan(line);
    const { name, port, bind } = site;
    const client = askingClient({ name, server: bind.secondary, port, paths: ['/'] });
    const state = await site.run(plan, PACE);
    const fared = (await client.stop()).get('/');
    expect(state.phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(fared?.asked).toBeGreaterThan(100);
    expect(fared?.failed).toBe(0);
    const from = to === 'node1' ? 'node2' : 'node1';
    const updated = (node: string) => (line.update ? [`${node}: updated`] : []);
    expect(record(since)).toEqual([
      ...updated(to),
      `hub: ${leaving} disabled`,
      `libvirt: ${leaving} shutting down, reason=shutdown`,
      `dns: at ${to}`,
      ...updated(from),
      `libvirt: ${coming} starting up`,
      `hub: ${coming} enabled`,
    ]);
    expect(left.console()).toMatch(/PWRF.*The system is going down.*reboot: Power down\s*$/s);
    expect(place(leaving)).toBe('shut off, disabled');
    expect(place(coming)).toBe('running, enabled');
    expect(builders.farm.state.host(coming).comment).toBe(comment);
    await answersAs(came, before.length + 1);
    expect(await activeNode()).toMatchObject({ from: { host: to } });
    expect(site.problems).toEqual([]);
  });
});
