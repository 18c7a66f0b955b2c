import { expect, type TestContext } from 'vitest';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { type Site, startSite } from './site.ts';
import { toldByJournal } from './told-by-journal.ts';

/** Runs a test on a site of its own, which is gone afterwards, however the test ends. */
export function onSite(
  test: (site: Site) => Promise<void>,
): (context: TestContext) => Promise<void> {
  return async ({ onTestFinished }) => {
    const site = await startSite();
    onTestFinished(() => site.close());
    await test(site);
  };
}

/** Waits for the end, and sees that the channel heard everything that is on record, in its order and once; or twice what a bot died over. */
export async function endsWell(
  { channel, journal }: Site,
  ref: OpRef,
  { saidTwice }: { readonly saidTwice?: string | undefined } = {},
): Promise<void> {
  await channel.hears(new RegExp(`${ref.op} DONE in`));
  const heard = channel.said.filter(({ as }) => as !== 'reply').map(({ key }) => key);
  const told = toldByJournal(ref, await journal.read(ref));
  expect(heard).toEqual(told.flatMap((key) => (key === saidTwice ? [key, key] : [key])));
}
