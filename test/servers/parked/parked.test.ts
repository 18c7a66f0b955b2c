import { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { bellOf } from '../../../src/adapters/store/bell-name.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { stateOf } from '../../faults/invariants.ts';
import { eventually } from '../program/eventually.ts';
import type { SiteProcess } from '../program/start-process.ts';
import { askMany } from './ask-many.ts';
import { type ParkedSite, parkedSite } from './parked-site.ts';
import { processorTime } from './processor-time.ts';

const COUNT = 10_000;
/** They take two minutes, and as many more on a busy machine. */
const LIMIT_MS = 600_000;
const TEXT = 'toy s1 waits';
const OPS_WITHIN_MS = 100;
const WATCHED_MS = 1_000;
/** Of a processor, over that time: heartbeats and one look a second at what is due. */
const IDLE_MS = 100;

describe('ten thousand operations that wait for approval', () => {
  it(
    'are all there when everything was restarted, keep no worker busy, and can still be approved',
    async ({ onTestFinished }) => {
      const site = await parkedSite();
      onTestFinished(() => site.close());
      const { channel, journal, redis, configPath } = site;
      const worker = await site.start('worker');
      const begun = performance.now();
      await askMany(configPath, redis.url, { count: COUNT, text: TEXT });
      console.log(`asked for ${COUNT} in ${Math.round(performance.now() - begun)} ms`);
      await eventually(() => isIdle(site, worker));
      const asked = await journal.open();
      expect(asked).toHaveLength(COUNT);
      await Promise.all([worker.kill(), redis.kill()]);
      await redis.start();
      const [again] = await Promise.all([site.start('worker'), site.start('bot')]);
      expect(await journal.open()).toEqual(asked);
      const shown = await channel.ask('ana', '!ops');
      expect(shown.split('\n')).toHaveLength(21);
      expect(shown).toMatch(new RegExp(`and ${COUNT - 20} more$`));
      await eventually(async () => (await timeOfOps(site)) < OPS_WITHIN_MS);
      await eventually(() => isIdle(site, again));
      await everyOneWaits(site);
      const [newest] = asked;
      const listed = await channel.ask('ben', '!ops');
      const code = new RegExp(`${newest?.op} .*\\(code (\\w+)\\)`).exec(listed)?.[1];
      await channel.say('ben', `!approve ${newest?.op} ${code}`);
      await channel.hears(new RegExp(`${newest?.op} DONE`));
      expect(await journal.open()).toHaveLength(COUNT - 1);
    },
    LIMIT_MS,
  );
});

/** It holds nothing, is told of nothing, and takes next to nothing of the processor over a while. */
async function isIdle({ connection }: ParkedSite, { child }: SiteProcess): Promise<boolean> {
  const { name, ...under } = bellOf(ZoneName.parse('staging'), 'sb:');
  const queue = new Queue(name, { connection, ...under });
  const before = processorTime(child.pid);
  const watchedFrom = performance.now();
  let busy = 0;
  const watched = async () => {
    const { active = 0, waiting = 0 } = await queue.getJobCounts('active', 'waiting');
    busy += active + waiting;
    return busy > 0 || performance.now() - watchedFrom > WATCHED_MS;
  };
  await eventually(watched);
  return busy === 0 && processorTime(child.pid) - before < IDLE_MS;
}

/** Others may have the processor for a while: asked again, it is what the bot takes. */
async function timeOfOps({ channel }: ParkedSite): Promise<number> {
  const askedAt = performance.now();
  await channel.ask('ana', '!ops');
  const took = performance.now() - askedAt;
  console.log(`!ops over ${COUNT} in ${Math.round(took)} ms`);
  return took;
}

async function everyOneWaits({ journal }: ParkedSite): Promise<void> {
  for (const ref of await journal.open()) {
    const { phase } = stateOf({ op: ref.op, entries: await journal.read(ref) });
    expect(phase.kind).toBe('approval');
  }
}
