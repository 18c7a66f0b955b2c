import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { endsWell, onSite, PATIENCE_MS } from './on-site.ts';
import { opIn } from './site.ts';

const AWAY_MS = 5_000;
const NAMES_THE_STORE =
  /^ana: The store did not answer: there is no connection to it\. .*Check that Redis runs and can be reached/;

describe.concurrent('a store that is killed while a builder drains, and comes back', () => {
  it(
    'loses nothing: the operation goes on to DONE, and nothing is done or said twice',
    onSite(async (site) => {
      const [bot, worker] = await Promise.all([site.startBot(), site.startWorker()]);
      const ref = await site.reimage('builder-18');
      await site.channel.hears(/2\/8 waiting for 1 task to finish: buildArch glibc/);
      await site.redis.kill();
      const back = delay(AWAY_MS);
      expect(await site.channel.ask('ana', '!status')).toMatch(NAMES_THE_STORE);
      expect(await site.channel.ask('ana', '!reimage builder-04')).toMatch(NAMES_THE_STORE);
      expect(await site.channel.ask('ana', `!cancel ${ref.op}`)).toMatch(NAMES_THE_STORE);
      await back;
      await site.redis.start();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, 'builder-18')).toEqual(metalOnce('builder-18'));
      expect(await site.channel.ask('ana', '!status')).toContain('0 operations open');
      expect([bot.isRunning(), worker.isRunning()]).toEqual([true, true]);
    }),
    PATIENCE_MS,
  );

  it(
    'is named to somebody who reacts to a prompt meanwhile, and the reaction counts for nothing',
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
    PATIENCE_MS,
  );
});
