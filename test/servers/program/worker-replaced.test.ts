import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { eventually } from './eventually.ts';
import { endsWell, onSite } from './on-site.ts';

const HOST = 'builder-08';
const LEASE_MS = 15_000;

describe.concurrent('a worker that makes room for another', () => {
  it(
    'because it is told to stop: it leaves at the end of its step, and the other goes on at once',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const firing = site.gate.hold('after', '/installer/fire');
      const ref = await site.reimage(HOST);
      const { letGo } = await firing;
      await site.startWorker();
      first.signal('SIGTERM');
      letGo();
      expect(await first.ended()).toBe(0);
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
      const entries = await site.journal.read(ref);
      // Its first look either waits on or is the last already.
      const at = (step: string, ...kinds: readonly string[]) =>
        entries.find(
          ({ event }) => kinds.includes(event.kind) && 'step' in event && event.step === step,
        )?.at ?? Number.NaN;
      const tookMs = at('await-ssh', 'waiting', 'step-ended') - at('reinstall', 'step-ended');
      console.log(`told to stop in step 4: another one was in step 5 after ${tookMs} ms`);
      expect(tookMs).toBeLessThan(LEASE_MS / 2);
      expect(entries.some(({ event }) => event.kind === 'interrupted')).toBe(false);
    }),
  );

  it(
    'because it stood still for longer than its lease: when it wakes up it does and writes nothing more',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const armed = site.gate.hold('after', '/installer/arm');
      const ref = await site.reimage(HOST);
      const { letGo } = await armed;
      first.signal('SIGSTOP');
      await site.startWorker();
      const firedAgain = site.gate.hold('after', '/installer/fire');
      letGo();
      await site.channel.hears(/4\/8 .*its worker was lost/);
      const fired = await firedAgain;
      first.signal('SIGCONT');
      fired.letGo();
      await endsWell(site, ref);
      const count = (kind: 'arm' | 'disarm' | 'fire' | 'install') =>
        site.fleet.count({ host: HOST, kind });
      expect([count('arm'), count('disarm'), count('fire'), count('install')]).toEqual([
        2, 1, 1, 1,
      ]);
      expect(site.fleet.host(HOST).armed).toBeUndefined();
      expect(await staleEpochs(site.journal.read(ref))).toEqual([]);
      expect(first.isRunning()).toBe(true);
    }),
  );

  it(
    'because it stood still in the middle of configuring: nothing is written or run twice on the host',
    onSite(async (site) => {
      const [first] = await Promise.all([site.startWorker(), site.startBot()]);
      const ref = await site.reimage(HOST);
      await eventually(() => site.fleet.count({ host: HOST, kind: 'put-file' }) > 0);
      first.signal('SIGSTOP');
      await site.startWorker();
      await site.channel.hears(/6\/8 .*going on where it stopped/);
      first.signal('SIGCONT');
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
      expect(await staleEpochs(site.journal.read(ref))).toEqual([]);
      expect(first.isRunning()).toBe(true);
    }),
  );
});

/** Epochs of starts that came on record after a start of a newer one. */
async function staleEpochs(
  reading: Promise<readonly { readonly event: { readonly kind: string } }[]>,
): Promise<readonly number[]> {
  const epochs = (await reading).flatMap(({ event }) =>
    event.kind === 'step-started' && 'epoch' in event ? [Number(event.epoch)] : [],
  );
  return epochs.filter((epoch, place) => epoch < Math.max(...epochs.slice(0, place + 1)));
}
