import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from '../program/effects-of.ts';
import { answered, asked } from './asked.ts';
import { CHANNEL, type EveningSite, startEvening } from './evening-site.ts';
import { timeless, transcript, withoutProgress } from './transcript.ts';

const HOST = 'builder-08';
const FIXTURE = fileURLToPath(
  new URL('../../fixtures/transcripts/evening-on-irc.txt', import.meta.url),
);

let site: EveningSite;
beforeEach(async () => {
  site = await startEvening();
});
afterEach(() => site?.close());

describe('an evening on IRC', () => {
  it('goes from a request over a refusal, an approval, a failure and a retry to a report, and reads well', async () => {
    const { onlooker, fleet } = site;
    const [ana, ben, kim] = await Promise.all([
      site.person('ana', 'ana'),
      site.person('ben', 'ben'),
      site.person('kim', 'kim'),
    ]);
    fleet.world().faults.set(HOST, 'configure', 1);
    await answered(site, kim, '!status builders');
    await answered(site, kim, `!reimage ${HOST}`);
    await answered(site, ana, '!reimage builder-8');
    const { op, code } = await asked(site, ana, `!reimage ${HOST}`);
    await answered(site, ana, `!approve ${op} ${code}`);
    ben.say(CHANNEL, `!approve ${op} ${code}`);
    await onlooker.hears(new RegExp(`${op} approved by ben`));
    await onlooker.hears(/6\/8 FAILED configure/);
    await onlooker.hears(/!retry/);
    await answered(site, kim, `!retry ${op}`);
    ben.say(CHANNEL, `!retry ${op}`);
    await onlooker.hears(new RegExp(`${op} DONE in`));
    await onlooker.hears(/asked by ana/);
    await answered(site, ben, `!audit ${op}`);
    await onlooker.hears(/ ana asked for /);
    expect(effectsOf(fleet, HOST)).toEqual(withOneRetry());
    const lines = timeless(transcript(onlooker.heard));
    if (process.env.RECORD === 'yes') await writeFile(FIXTURE, `${lines.join('\n')}\n`);
    const recorded = (await readFile(FIXTURE, 'utf8')).trimEnd().split('\n');
    expect(withoutProgress(lines)).toEqual(withoutProgress(recorded));
  });
});

/** The command that failed, and so did nothing, is started once more; nothing else is. */
function withOneRetry(): readonly string[] {
  return metalOnce(HOST).map((effect) =>
    effect === '1 claim mount /srv/cache' ? '2 claim mount /srv/cache' : effect,
  );
}
