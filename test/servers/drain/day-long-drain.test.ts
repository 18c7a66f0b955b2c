import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ZoneName } from '../../../src/domain/ids.ts';
import { knownEvent } from '../../../src/jobs/model/event.ts';
import { effectsOf } from '../program/effects-of.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { longBuild } from '../program/long-build.ts';
import { opIn, type Site, startSite } from '../program/site.ts';
import { DRAIN_SCALE } from './drain-scale.ts';

const HOST = 'builder-08';
const HOUR_MS = 60 * 60_000;
const RESTARTS = 5;
const SCRIPT = fileURLToPath(new URL('drain-process.ts', import.meta.url));

it('a drain survives five restarts of everything in a day, asks when the day is over, and ends with the build', async ({
  onTestFinished,
}) => {
  const site = await startSite({ scale: DRAIN_SCALE, script: SCRIPT });
  onTestFinished(() => site.close());
  const { fleet, channel, journal } = site;
  const endBuild = longBuild(fleet, HOST, 1_000 * HOUR_MS);
  let up = await startBoth(site);
  const begun = fleet.clock.now();
  await channel.say('ana', `!reimage ${HOST}`);
  const ref = {
    op: opIn((await channel.hears(/ana: op-\w+ reimage/)).lines),
    zone: ZoneName.parse('staging'),
  };
  const hasSaid = (what: RegExp) => channel.said.some(({ lines }) => what.test(lines.join('\n')));
  const hours = () => (fleet.clock.now() - begun) / HOUR_MS;
  const answers = answersOf(site, ref.op);
  for (let restarts = 1; restarts <= RESTARTS; restarts += 1) {
    await answers.until(() => hours() > restarts * 4);
    await Promise.all([...up, site.redis].map((one) => one.kill()));
    await site.redis.start();
    up = await startBoth(site);
  }
  await answers.until(() => hasSaid(/drain: waited too long: waiting for 1 task to finish/));
  expect(hours()).toBeGreaterThan(24);
  endBuild();
  await answers.until(() => hasSaid(/^op-\w+ DONE in/));
  const events = (await journal.read(ref)).flatMap((entry) => knownEvent(entry) ?? []);
  const ends = events.flatMap((event) => (event.kind === 'step-ended' ? [event] : []));
  const [disable, ...drains] = ends.map(({ step, result }) => `${step} ${result.kind}`);
  expect([disable, drains.at(-1)]).toEqual(['disable done', 'drain done']);
  expect(new Set(drains.slice(0, -1))).toEqual(new Set(['drain failed']));
  const asked = events.filter(({ kind }) => kind === 'asked').length;
  expect(asked).toBeGreaterThan(0);
  expect(answers.count()).toBe(asked);
  expect(events.filter(({ kind }) => kind === 'answered')).toHaveLength(asked);
  expect(effectsOf(fleet, HOST)).toEqual(['1 disable', '1 comment reimage, op, ana']);
});

function startBoth(site: Site) {
  return Promise.all([site.startWorker(), site.startBot()]);
}

/** Ben lets it go on waiting whenever it asks. */
function answersOf({ channel }: Site, op: string) {
  const answered = new Set<string>();
  const way = new RegExp(`!(answer ${op} wait|retry ${op})`);

  async function answer(): Promise<void> {
    for (const { as, key, lines } of channel.said) {
      const [, words] = way.exec(lines.join('\n')) ?? [];
      if (as !== 'prompt' || words === undefined || answered.has(key)) continue;
      answered.add(key);
      await channel.say('ben', `!${words}`);
    }
  }

  return {
    count: () => answered.size,
    async until(what: () => boolean): Promise<void> {
      await eventually(async () => {
        await answer();
        return what();
      }, PATIENCE_MS);
    },
  };
}
