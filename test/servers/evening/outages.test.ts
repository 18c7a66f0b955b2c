import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import { BOT } from '../irc/bot.ts';
import { effectsOf, metalOnce } from '../program/effects-of.ts';
import { asked } from './asked.ts';
import { CHANNEL, type EveningSite, startEvening } from './evening-site.ts';

/** The network was away for that long; it cannot be shown sooner. */
const AWAY_MS = 30_000;

/** Runs a test on a site of its own, which is gone afterwards, however the test ends. */
function onSite(test: (site: EveningSite) => Promise<void>) {
  return async ({ onTestFinished }: TestContext) => {
    const site = await startEvening();
    onTestFinished(() => site.close());
    await test(site);
  };
}

describe.concurrent('in mid-operation', () => {
  it(
    'the IRC server is away for half a minute: the work goes on, and the channel is told what it missed',
    onSite(async (site) => {
      const { irc, fleet, onlooker } = site;
      const op = await approved(site, 'builder-08');
      await onlooker.hears(new RegExp(`${op} 4/8`));
      await irc.kill();
      await delay(AWAY_MS);
      await irc.restart();
      const after = await irc.connect('back', [CHANNEL]);
      const gap = await after.hears(/PRIVMSG #ops :back after /);
      if (!gap.includes(`${op} DONE`)) await after.hears(new RegExp(`${op} DONE`));
      expect(effectsOf(fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
      const heard = [...onlooker.saidBy(BOT, CHANNEL), ...after.saidBy(BOT, CHANNEL)];
      expect(heard.filter((line) => line.includes(`${op} DONE`))).toHaveLength(1);
      expect(after.saidBy(BOT, CHANNEL).length).toBeLessThan(12);
    }),
  );

  it(
    'services split, both servers of the directory die, and the store is killed: nothing is lost and nothing done twice',
    onSite(async (site) => {
      const { irc, directories, redis, fleet, onlooker, person } = site;
      const op = await approved(site, 'builder-08');
      await onlooker.hears(new RegExp(`${op} 2/8`));
      await irc.killServices();
      await onlooker.hears(new RegExp(`${op} 5/8`));
      await Promise.all(directories.insiders.map((one) => one.kill()));
      const cyd = await person('cyd');
      cyd.say(CHANNEL, `!cancel ${op}`);
      await onlooker.hears(/PRIVMSG #ops :cyd: /);
      await redis.kill();
      await redis.start();
      await Promise.all([irc.startServices(), ...directories.insiders.map((one) => one.start())]);
      await onlooker.hears(new RegExp(`${op} DONE in`));
      expect(effectsOf(fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
      const kinds = await site.kinds(op);
      expect(kinds.filter((kind) => kind === 'ended')).toHaveLength(1);
      expect(kinds).not.toContain('cancelling');
    }),
  );
});

/** Ana asks for it and ben approves. */
async function approved(at: EveningSite, host: string): Promise<string> {
  const [ana, ben] = await Promise.all([at.person('ana', 'ana'), at.person('ben', 'ben')]);
  const { op, code } = await asked(at, ana, `!reimage ${host}`);
  ben.say(CHANNEL, `!approve ${op} ${code}`);
  await at.onlooker.hears(new RegExp(`${op} approved by ben`));
  return op;
}
