import { describe, expect, it } from 'vitest';
import { type ReplicatedRedis, replicatedRedis } from '../store/replicated-redis.ts';
import { effectsOf, metalOnce } from './effects-of.ts';
import { endsWell } from './on-site.ts';
import { startSite } from './site.ts';

describe('a failover of the store in mid-operation', () => {
  it('while the installer was fired: bot and worker go on with the new primary, and nothing is done or said twice', async ({
    onTestFinished,
  }) => {
    const redis: ReplicatedRedis = await replicatedRedis();
    const site = await startSite({ redis: async () => redis });
    onTestFinished(() => site.close());
    const [bot, worker] = await Promise.all([site.startBot(), site.startWorker()]);
    const fired = site.gate.hold('after', '/installer/fire');
    const ref = await site.reimage('builder-08');
    const { letGo } = await fired;
    const before = await site.journal.read(ref);
    await redis.kill();
    letGo();
    await redis.failedOver();
    await endsWell(site, ref);
    expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    expect((await site.journal.read(ref)).slice(0, before.length)).toEqual(before);
    expect([bot.isRunning(), worker.isRunning()]).toEqual([true, true]);
  });
});
