import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { eventually } from './eventually.ts';
import { longBuild } from './long-build.ts';
import { endsWell, onSite } from './on-site.ts';
import { toldByJournal } from './told-by-journal.ts';

describe.concurrent('a bot that is started again in the middle of an operation', () => {
  it(
    'after it was told to stop: the channel hears everything once',
    onSite(async (site) => {
      const [bot] = await Promise.all([site.startBot(), site.startWorker()]);
      const ref = await site.reimage('builder-08');
      await site.channel.hears(/4\/8 reinstall builder-08/);
      bot.signal('SIGTERM');
      expect(await bot.ended()).toBe(0);
      await site.startBot();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    }),
  );

  it(
    'after it was away until the end: the channel then hears everything once, in its order',
    onSite(async (site) => {
      const [bot] = await Promise.all([site.startBot(), site.startWorker()]);
      const ref = await site.reimage('builder-08');
      bot.signal('SIGTERM');
      await bot.ended();
      const isOver = async () => (await site.journal.open()).length === 0;
      await eventually(isOver);
      await site.startBot();
      await endsWell(site, ref);
    }),
  );

  it(
    'after it was killed several times: nothing is missing, and only what it died over may be there twice',
    onSite(async (site) => {
      const [bot] = await Promise.all([site.startBot(), site.startWorker()]);
      longBuild(site.fleet, 'builder-08');
      const ref = await site.reimage('builder-08');
      let killed = 0;
      for (let newest = bot; killed < 3; newest = await site.startBot()) {
        const before = site.channel.said.length;
        await eventually(() => site.channel.said.length > before);
        await newest.kill();
        killed += 1;
      }
      await site.channel.hears(new RegExp(`${ref.op} DONE in`));
      const heard = site.channel.said.filter(({ as }) => as !== 'reply').map(({ key }) => key);
      expect([...new Set(heard)]).toEqual(toldByJournal(ref, await site.journal.read(ref)));
      expect(heard.length - new Set(heard).size).toBeLessThanOrEqual(killed);
    }),
  );
});
