import { describe, expect, it } from 'vitest';
import { UserId } from '../../../src/domain/ids.ts';
import { knownEvent } from '../../../src/jobs/model/event.ts';
import { effectsOf } from './effects-of.ts';
import { onSite } from './on-site.ts';
import { opIn, type Site } from './site.ts';

const ben = UserId.parse('ben');

/** Somebody who can write to the store says that ben approved what ana asked for. */
async function forgeApproval({ journal }: Site, lines: readonly string[]) {
  const ref = await journal.find(opIn(lines));
  const [first] = ref === undefined ? [] : await journal.read(ref);
  const request = first && knownEvent(first);
  if (ref === undefined || request?.kind !== 'requested') throw new Error('it is not there');
  const subject = { plan: request.plan.digest };
  const approved = { kind: 'approved', subject, network: 'console' } as const;
  const appended = await journal.append(ref, { events: [approved], by: ben, dueInMs: 0 });
  expect(appended.kind).toBe('ok');
  return ref;
}

describe('an approval that was written into the store past the bots', () => {
  it(
    'starts nothing, is told to the channel, and a real one still counts',
    onSite(async (site) => {
      await Promise.all([site.startBot(), site.startWorker()]);
      const prompt = await site.asked('builder-08');
      const ref = await forgeApproval(site, prompt.lines);
      const said = `${ref.op} "approved" in the name of ben does not count: it carries no signature`;
      await site.channel.hears(new RegExp(said));
      const again = await forgeApproval(site, prompt.lines);
      expect(again).toEqual(ref);
      expect(effectsOf(site.fleet, 'builder-08')).toEqual([]);
      await site.channel.react('ben', '👍', prompt.ref);
      await site.channel.hears(new RegExp(`${ref.op} DONE in`));
    }),
  );
});
