import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { longBuild } from './long-build.ts';
import { endsWell, onSite } from './on-site.ts';
import { run } from './signalbox.ts';
import type { Site } from './site.ts';

const REFUSED =
  /^ana: The store is read-only: the store does not have entry \d+ of op-\w+ any more/;

function atTerminal({ configPath, redis }: Site, ...words: readonly string[]) {
  return run([...words, '-c', configPath], { cwd: '/', env: { REDIS_URL: redis.url } });
}

/** Somebody lets it go on. What is on record since then fits again. */
async function accept(site: Site): Promise<string> {
  const { out, err } = await atTerminal(site, 'store', 'accept');
  expect(err).toBe('');
  const verified = await atTerminal(site, 'audit', 'verify');
  expect(verified.out).toMatch(/^everything fits: /);
  return out.replace(/^anchors begin anew; .*\n/m, '');
}

describe.concurrent('a store that comes back', () => {
  it(
    'as it was before: nothing changes until somebody accepts it, and what had run asks before it runs again',
    onSite(async (site) => {
      await Promise.all([site.startBot(), site.startWorker()]);
      longBuild(site.fleet, 'builder-08');
      const ref = await site.reimage('builder-08');
      await site.channel.hears(/2\/8 waiting for 1 task to finish: buildArch glibc/);
      await site.redis.kill();
      const older = await site.redis.copy();
      await site.redis.start();
      await endsWell(site, ref);
      await site.redis.kill();
      await site.redis.replace(older);
      await site.redis.start();
      await site.channel.hears(/^READ-ONLY since .*: the store does not have entry/);
      expect(await site.channel.ask('ana', '!lock builder-04 disk trouble')).toMatch(REFUSED);
      expect(await site.channel.ask('ana', `!cancel ${ref.op}`)).toMatch(REFUSED);
      expect(await site.channel.ask('ana', '!status')).toContain('READ-ONLY since');
      expect(await accept(site)).toBe(
        `the store is accepted as it is\n${ref.op} is looked at and asks before it goes on\n`,
      );
      await site.channel.hears(/^the store was accepted; work goes on$/);
      await site.channel.hears(new RegExp(`${ref.op}.* (?:held|HELD)`));
      await site.channel.hears(new RegExp(`!retry ${ref.op}|!answer ${ref.op}`));
      expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    }),
  );

  it(
    'empty: nothing changes until somebody accepts it, who is told what was under way',
    onSite(async (site) => {
      const [bot] = await Promise.all([site.startBot(), site.startWorker()]);
      longBuild(site.fleet, 'builder-08');
      const ref = await site.reimage('builder-08');
      await site.channel.hears(/2\/8 waiting for 1 task to finish: buildArch glibc/);
      await site.redis.kill();
      await site.redis.replace(undefined);
      await site.redis.start();
      await site.channel.hears(/^READ-ONLY since .*: the store does not have entry/);
      expect(await site.channel.ask('ana', '!lock builder-04 disk trouble')).toMatch(REFUSED);
      expect(await accept(site)).toBe(
        `the store is accepted as it is\n${ref.op} was under way and is gone: look at its hosts by hand\n`,
      );
      await site.channel.hears(/^the store was accepted; work goes on$/);
      expect(await site.channel.ask('ana', '!status')).not.toContain('READ-ONLY');
      expect(bot.isRunning()).toBe(true);
    }),
  );
});
