import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { eventually } from './eventually.ts';
import { endsWell, onSite } from './on-site.ts';
import type { Site } from './site.ts';
import type { SiteProcess } from './start-process.ts';

const HOST = 'builder-08';
/** Design: with a lease of 15 s, a step whose worker was killed goes on elsewhere within this, where another one is. */
const RESUMED_WITHIN_MS = 25_000;

describe.concurrent('a worker that is killed', () => {
  it(
    'right after it fired: the installer has reported, so nothing is fired again',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const fired = site.gate.hold('after', '/installer/fire');
      const ref = await site.reimage(HOST);
      await fired;
      const since = await replace(site, first);
      await isResumed(site, since, 'right after fire');
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
      expect(site.fleet.host(HOST).armed).toBeUndefined();
    }),
  );

  it(
    'after it armed and before it fired: what is armed is taken back, and it begins anew',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const firing = site.gate.hold('before', '/installer/fire');
      const ref = await site.reimage(HOST);
      await firing;
      expect(site.fleet.host(HOST).armed?.op).toBe(ref.op);
      const since = await replace(site, first);
      await isResumed(site, since, 'between arm and fire');
      await endsWell(site, ref);
      const count = (kind: 'arm' | 'disarm' | 'fire' | 'install') =>
        site.fleet.count({ host: HOST, kind });
      expect([count('arm'), count('disarm'), count('fire'), count('install')]).toEqual([
        2, 1, 1, 1,
      ]);
      expect(site.fleet.host(HOST).armed).toBeUndefined();
    }),
  );

  it(
    'while it configures: no command that was started is started again',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const ref = await site.reimage(HOST);
      await eventually(() => site.fleet.count({ host: HOST, kind: 'claim' }) > 0);
      const since = await replace(site, first);
      // A command that was started runs by itself: the worker may have been between two looks at it.
      const goneOn = /its worker was lost|6\/8 running hostnamectl/;
      await isResumed(site, since, 'in step 6', goneOn);
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
    }),
  );

  it(
    'while it restarts the new system: another boot id tells that it need not be restarted again',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const ref = await site.reimage(HOST);
      await eventually(() => site.fleet.count({ host: HOST, kind: 'restart' }) > 1);
      await first.kill();
      await site.startWorker();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
    }),
  );
});

/**
 * Kills it before the other one is started: no call that is held outlasts that on a busy machine. Gives the moment from which
 * the other one is there.
 */
async function replace(site: Site, worker: SiteProcess): Promise<number> {
  await worker.kill();
  await site.startWorker();
  return performance.now();
}

/** Another worker says that it looks what became of the step. */
async function isResumed(
  { channel }: Site,
  since: number,
  when: string,
  goneOn = /its worker was lost .*looking what became of it/,
): Promise<void> {
  const { at } = await channel.hears(goneOn);
  const tookMs = Math.round(Math.max(at - since, 0));
  console.log(`killed ${when}: gone on elsewhere after ${tookMs} ms`);
  expect(tookMs).toBeLessThan(RESUMED_WITHIN_MS);
}
