import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { longBuild } from './long-build.ts';
import { endsWell, onSite } from './on-site.ts';
import { opIn } from './site.ts';

const AWAY_MS = 5_000;
const NAMES_THE_STORE =
  /^ana: The store did not answer: there is no connection to it\. .*Check that Redis runs and can be reached/;

describe.concurrent('a store that is killed and comes back', () => {
  it(
    'while a builder drains: the operation goes on to DONE, and nothing is done or said twice',
    onSite(async (site) => {
      const [bot, worker] = await Promise.all([site.startBot(), site.startWorker()]);
      longBuild(site.fleet, 'builder-08');
      const saying = site.channel.hold(/2\/8 waiting for 1 task to finish: buildArch glibc/);
      const ref = await site.reimage('builder-08');
      const { letGo } = await saying;
      await site.redis.kill();
      letGo();
      const back = delay(AWAY_MS);
      expect(await site.channel.ask('ana', '!status')).toMatch(NAMES_THE_STORE);
      expect(await site.channel.ask('ana', '!reimage builder-04')).toMatch(NAMES_THE_STORE);
      expect(await site.channel.ask('ana', `!cancel ${ref.op}`)).toMatch(NAMES_THE_STORE);
      await back;
      await site.redis.start();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
      expect(await site.channel.ask('ana', '!status')).toContain('0 operations open');
      expect([bot.isRunning(), worker.isRunning()]).toEqual([true, true]);
    }),
  );

  it(
    'in the moment in which the installer was fired: it is looked up what became of it, and not fired again',
    onSite(async (site) => {
      const [worker] = await Promise.all([site.startWorker(), site.startBot()]);
      const fired = site.gate.hold('after', '/installer/fire');
      const ref = await site.reimage('builder-08');
      const { letGo } = await fired;
      await site.redis.kill();
      letGo();
      await delay(AWAY_MS);
      await site.redis.start();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
      expect(worker.isRunning()).toBe(true);
    }),
  );

  it(
    'while somebody reacts to a prompt: they are told that it is away, and the reaction counts for nothing',
    onSite(async (site) => {
      const bot = await site.startBot();
      const { ref, lines } = await site.asked('builder-08');
      await site.redis.kill();
      await site.channel.react('ben', '👍', ref);
      await site.channel.hears(/^ben: The store did not answer/);
      await site.redis.start();
      expect(await site.channel.ask('ana', `!show ${opIn(lines)}`)).not.toContain(
        'approved by ben',
      );
      expect(bot.isRunning()).toBe(true);
    }),
  );
});
