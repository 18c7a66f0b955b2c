import { describe, expect, it } from 'vitest';
import { ZoneName } from '../../../src/domain/ids.ts';
import { startFarm } from '../../../src/lab/farm.ts';
import { type RedisWithUsers, redisWithUsers } from '../store/redis-with-users.ts';
import { effectsOf, metalOnce } from './effects-of.ts';
import { endsWell } from './on-site.ts';
import { run } from './signalbox.ts';
import { startSite } from './site.ts';

const staging = ZoneName.parse('staging');
const USERS = { bot: 'signalbox-bot', worker: 'signalbox-worker-staging' } as const;

describe.concurrent('a site whose bot and worker have a Redis user each', () => {
  it('carries out a whole operation, of which the channel hears everything', async ({
    onTestFinished,
  }) => {
    const redis = await redisWithUsers([staging]);
    const environment = (role: keyof typeof USERS) => redis.environmentOf(USERS[role]);
    const site = await startSite({ redis: async () => redis, environment });
    onTestFinished(() => site.close());
    await site.startBot();
    await site.startWorker();
    const ref = await site.reimage('builder-08');
    await endsWell(site, ref);
    expect(effectsOf(site.fleet, 'builder-08')).toEqual(metalOnce('builder-08'));
    expect(await site.channel.ask('ana', `!log ${ref.op} 6`)).toContain('mount /srv/cache');
  });

  it('is told by the check what a user lacks, and that a worker waits for a bot to look at the store', async ({
    onTestFinished,
  }) => {
    const redis = await redisWithUsers([staging]);
    const farm = await startFarm();
    onTestFinished(async () => {
      await Promise.all([redis.close(), farm.close()]);
    });
    const check = async (role: keyof typeof USERS) => {
      const env = { ...farm.environment, ...redis.environmentOf(USERS[role]) };
      const { out } = await run(['check'], { cwd: farm.folder, env });
      return out.split('\n').filter((line) => line.includes('store'));
    };
    expect((await check('worker'))[0]).toMatch(
      /^FAIL {2}store: Whether Redis at 127.*could not be checked: NOPERM.* Start a bot first/,
    );
    expect(await check('bot')).toEqual([
      expect.stringMatching(/^ok {4}store: Redis at 127\.0\.0\.1:\d+$/),
      'ok    store user signalbox-bot: has what it needs',
    ]);
    expect((await check('worker'))[1]).toBe(
      'ok    store user signalbox-worker-staging: has what it needs',
    );
    await takeAway(redis);
    expect(await check('bot')).toContain(
      'FAIL  store user signalbox-bot: lacks %R~sb:cursors %W~sb:cursors; `signalbox store acl` prints what to give it',
    );
    expect(await check('worker')).toContain(
      'FAIL  store user signalbox-worker-staging: lacks %W~sb:feed; `signalbox store acl` prints what to give it',
    );
  });
});

/** Rights are given, never taken: all are, but for one of each role. */
async function takeAway(redis: RedisWithUsers): Promise<void> {
  const admin = await redis.as('signalbox-admin');
  const users = { 'signalbox-bot': 'sb:cursors', [USERS.worker]: 'sb:feed' };
  for (const [user, without] of Object.entries(users)) {
    const fields = (await admin.call('ACL', 'GETUSER', user)) as string[];
    const keys = String(fields[fields.indexOf('keys') + 1]).split(' ');
    const left = keys.filter((key) => !key.endsWith(`~${without}`));
    await admin.call('ACL', 'SETUSER', user, 'resetkeys', ...left);
  }
}
