import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { anaIsHere, labSite } from './lab-site.ts';
import { run, signalbox } from './signalbox.ts';

describe('signalbox audit', () => {
  it('verifies what a bot anchored, finds what was changed since, and exports it', async (context) => {
    const site = await labSite(context);
    await anaIsHere(site.farm);
    const started = signalbox(['start'], site);
    context.onTestFinished(() => started.clear());
    await started.prints(/start is up/);
    started.type('!reimage builder-08');
    await started.prints(/op-\w+ 1\/\d disable/);
    started.interrupt();
    await started.ends();
    expect(await run(['audit', 'verify'], site)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^everything fits: 1 operations, \d+ entries, \d+ anchors\n$/),
    });
    const exported = await run(['audit', 'export', '--person', 'ana'], site);
    expect(exported.out).toMatch(/^\{"op":"op-\w+","zone":"staging","command":"reimage builder-08/);
    const redis = new Redis(site.redis.url);
    await redis.ltrim((await redis.keys('*:entries'))[0] ?? '', 0, 0);
    redis.disconnect();
    expect(await run(['audit', 'verify'], site)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^op-\w+ entry 1: the journal ends here/),
    });
  });
});
