import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { Entry } from '../../../src/jobs/model/event.ts';
import { eventually } from '../program/eventually.ts';
import type { StopAt } from './held-journal.ts';
import type { StoppingWorker } from './program-site.ts';
import { ONCE, PATIENCE_MS, type ReimageSite, startReimageSite } from './reimage-site.ts';
import type { VirtGuest } from './virt-guest.ts';

const HOST = HostName.parse('builder-01');
const STEPS = [
  'disable',
  'drain',
  'prepare',
  'reinstall',
  'await-ssh',
  'configure',
  'prove',
  'restore',
];
/** The first poll has had its effect, and says that it waits: a command that runs, a restart, a builder put back. */
const EFFECT_THEN_WAITS = ['configure', 'prove', 'restore'];

const before = (step: string): StopAt => ({ when: 'recorded', kind: 'step-started', step });
const inside = (step: string): StopAt => ({ when: 'unrecorded', kind: 'waiting', step });
const after = (step: string): StopAt => ({ when: 'unrecorded', kind: 'step-ended', step });
const PLACES = STEPS.flatMap((step) => [
  before(step),
  ...(EFFECT_THEN_WAITS.includes(step) ? [inside(step)] : []),
  after(step),
]);

describe('a worker that is killed while it reimages a guest of libvirt', {
  timeout: 3 * PATIENCE_MS,
}, () => {
  let site: ReimageSite;
  let guest: VirtGuest;
  let worker: StoppingWorker;
  beforeAll(async () => {
    site = await startReimageSite(HOST, 'node-ssh');
    guest = site.guest;
  }, PATIENCE_MS);
  afterAll(() => site?.close());
  afterEach(() => worker.kill());

  it('before and after the effect of each step: the next one goes on, and no effect is there twice', async () => {
    const first = site.startWorker({ stopAt: PLACES[0] });
    const [ref] = await Promise.all([site.reimage(), first]);
    worker = await first;
    for (const [place, stopAt] of PLACES.entries()) {
      await eventually(
        worker.isHeld,
        PATIENCE_MS,
        () => `${JSON.stringify(stopAt)} in\n${site.transcript()}`,
      );
      await worker.kill();
      worker = await site.startWorker({ stopAt: PLACES[place + 1] });
    }
    await site.channel.hears(new RegExp(`${ref.op} DONE in`), PATIENCE_MS);

    const entries = await site.journal.read(ref);
    expect(of(entries, 'interrupted')).toEqual(PLACES.map(({ step }) => step));
    // A guest that runs on the new disk needs nothing more; every other step runs again, and finds what is done.
    expect(of(entries, 'step-started').filter((step) => step === 'reinstall')).toHaveLength(2);
    expect(of(entries, 'asked')).toEqual([]);
    expect({ acts: site.acts.counts(), hub: site.farm.counts() }).toEqual(ONCE);
    expect(guest.boots()).toHaveLength(2);
    expect(guest.run('cat /srv/cache/configured')).toBe('begun\nbuilder-01\n');
    expect(guest.run('cat /etc/signalbox/installed.json')).toContain('"tiny@2026.11.18"');
    expect(site.farm.state.host(HOST)).toMatchObject({ enabled: true });
    expect(guest.files()).toHaveLength(4);
  });

  it('in the middle of making the guest anew: what it began ends by itself, and the disk is made once', async () => {
    site.reset();
    const boots = guest.boots().length;
    const defining = site.acts.hold('define');
    worker = await site.startWorker();
    const ref = await site.reimage();
    await eventually(defining.isThere, PATIENCE_MS, site.transcript);
    await worker.kill();
    worker = await site.startWorker();
    await site.channel.hears(new RegExp(`${ref.op} 4/8 .*its worker was lost`), PATIENCE_MS);
    defining.letGo();
    await site.channel.hears(new RegExp(`${ref.op} DONE in`), PATIENCE_MS);
    const { create, start } = site.acts.counts();
    expect({ create, start, hub: site.farm.counts() }).toEqual({
      create: 1,
      start: 1,
      hub: ONCE.hub,
    });
    expect(guest.boots()).toHaveLength(boots + 2);
    expect(of(await site.journal.read(ref), 'interrupted')).toEqual(['reinstall']);
  });
});

/** The steps that events of a kind are about, oldest first. */
function of(entries: readonly Entry[], kind: string): readonly string[] {
  return entries.flatMap(({ event }) =>
    event.kind === kind && 'step' in event ? [String(event.step)] : [],
  );
}
