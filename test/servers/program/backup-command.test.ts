import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anaIsHere, labSite } from './lab-site.ts';
import { longBuild } from './long-build.ts';
import { run, signalbox } from './signalbox.ts';

const A_DAY_MS = 24 * 60 * 60_000;

describe('signalbox backup and restore', () => {
  it('bring back what was there, and what was under way asks before it goes on', async (context) => {
    const site = await labSite(context);
    await anaIsHere(site.farm);
    const endBuild = longBuild(site.farm.fleet, 'builder-08', A_DAY_MS);
    const file = join(site.cwd, 'backup.ndjson');
    const started = signalbox(['start'], site);
    context.onTestFinished(() => started.clear());
    await started.prints(/start is up/);
    started.type('!reimage builder-08');
    await started.prints(/op-\w+ 2\/\d/);
    expect((await run(['backup', file], site)).out).toMatch(/^\d+ keys of \S+ are in /);
    endBuild();
    await started.prints(/op-\w+ 3\/\d/);
    started.interrupt();
    await started.ends();

    const refused = await run(['restore', file], site);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('it is not empty') });
    const restored = await run(['restore', '--force', file], site);
    expect(restored.out).toMatch(/ keys of \S+ are restored, and read-only: look at them/);

    const again = signalbox(['start'], site);
    context.onTestFinished(() => again.clear());
    await again.prints(/READ-ONLY since .*: the store was restored from a backup of/);
    again.type('!lock builder-09 disk trouble');
    await again.prints(/The store is read-only: the store was restored from a backup of/);
    const accepted = await run(['store', 'accept'], site);
    expect(accepted.out).toMatch(/^op-\w+ is looked at and asks before it goes on$/m);
    await again.prints(/the store was accepted; work goes on/);
    await again.prints(/!retry op-\w+|!answer op-\w+/);
  });
});
