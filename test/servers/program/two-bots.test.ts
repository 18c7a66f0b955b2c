import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { eventually } from './eventually.ts';
import { longBuild } from './long-build.ts';
import { endsWell, onSite } from './on-site.ts';
import type { Site } from './site.ts';
import type { SiteProcess } from './start-process.ts';
import { toldByJournal } from './told-by-journal.ts';

const TAKEN_OVER_WITHIN_MS = 15_000;

describe.concurrent('two bots of one site', () => {
  it(
    'have one that talks, which the other follows within 15 s when it is killed in mid-operation',
    onSite(async (site) => {
      const { first, second } = await twoBots(site);
      longBuild(site.fleet, 'builder-08');
      const ref = await site.reimage('builder-08');
      await site.channel.hears(/2\/8 waiting for 1 task/);
      expect(speakers(site)).toEqual([first.child.pid]);
      await first.kill();
      const tookMs = await answeredBy(site, second);
      console.log(`talker killed: the standby answered after ${tookMs} ms`);
      expect(tookMs).toBeLessThan(TAKEN_OVER_WITHIN_MS);
      await site.channel.hears(new RegExp(`${ref.op} DONE in`));
      await hearsAll(site, ref, 1);
      expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    }),
  );

  it(
    'hand over at once when the talker is told to stop: the prompt that it asked is answered to the other',
    onSite(async (site) => {
      const { first, second } = await twoBots(site);
      const { ref: prompt, lines } = await site.asked('builder-08');
      const before = performance.now();
      first.signal('SIGTERM');
      expect(await first.ended()).toBe(0);
      await site.channel.react('ben', '👍', prompt);
      const { at, by } = await site.channel.hears(/approved by ben/);
      expect(by).toBe(second.child.pid);
      expect(at - before).toBeLessThan(TAKEN_OVER_WITHIN_MS / 2);
      await site.channel.hears(/DONE in/);
      expect(lines.join()).toContain('reimage builder-08');
    }),
  );

  it(
    'keep one that was frozen over its words from talking on when it wakes up: they are said again by the other, and nothing else is',
    onSite(async (site) => {
      const { first, second } = await twoBots(site);
      longBuild(site.fleet, 'builder-08');
      const lastWords = site.channel.hold(/2\/8 waiting for 1 task/);
      const ref = await site.reimage('builder-08');
      const { letGo } = await lastWords;
      first.signal('SIGSTOP');
      const saidByFirst = said(site, first);
      const last = saidByFirst.at(-1)?.key;
      expect(await answeredBy(site, second)).toBeLessThan(TAKEN_OVER_WITHIN_MS);
      // Before the first one can note that it said them.
      await eventually(() => said(site, second).some(({ key }) => key === last));
      first.signal('SIGCONT');
      letGo();
      await endsWell(site, ref, { saidTwice: last });
      await site.channel.ask('ana', '!whoami');
      expect(said(site, first)).toEqual(saidByFirst);
      expect(first.isRunning()).toBe(true);
      second.signal('SIGTERM');
      await answeredBy(site, first);
    }),
  );
});

async function twoBots(site: Site): Promise<{ first: SiteProcess; second: SiteProcess }> {
  const [first] = await Promise.all([site.startBot(), site.startWorker()]);
  const second = await site.startBot();
  return { first, second };
}

function said({ channel }: Site, bot: SiteProcess) {
  return channel.said.filter(({ by }) => by === bot.child.pid);
}

function speakers({ channel }: Site): readonly (number | undefined)[] {
  return [...new Set(channel.said.map(({ by }) => by))];
}

/** How long it takes until a question is answered by this bot. Each is a new one: whoever was asked may be gone. */
async function answeredBy(site: Site, bot: SiteProcess): Promise<number> {
  const before = said(site, bot).length;
  return eventually(async () => {
    await site.channel.ask('kim', '!help', 2_000).catch(() => undefined);
    return said(site, bot).length > before;
  });
}

/** Everything on record, in its order; what the dead one died over may be there twice. */
async function hearsAll(site: Site, ref: Parameters<typeof endsWell>[1], repeated: number) {
  const heard = site.channel.said.filter(({ as }) => as !== 'reply').map(({ key }) => key);
  expect([...new Set(heard)]).toEqual(toldByJournal(ref, await site.journal.read(ref)));
  expect(heard.length - new Set(heard).size).toBeLessThanOrEqual(repeated);
}
