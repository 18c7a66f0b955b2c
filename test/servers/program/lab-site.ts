import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { TestContext } from 'vitest';
import { parse, stringify } from 'yaml';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { type Farm, startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { type RealRedis, realRedis } from './real-redis.ts';
import type { SignalboxOptions } from './signalbox.ts';

/** A farm and a Redis, with what a command needs to reach them. */
export interface LabSite extends SignalboxOptions {
  readonly farm: Farm;
  readonly redis: RealRedis;
}

/** Everything is gone after the test. */
export async function labSite({ onTestFinished }: TestContext): Promise<LabSite> {
  const [redis, farm] = await Promise.all([realRedis(), startFarm()]);
  onTestFinished(async () => {
    await Promise.all([redis.close(), farm.close()]);
  });
  return { redis, farm, cwd: farm.folder, env: { ...farm.environment, REDIS_URL: redis.url } };
}

/** The host keys of the farm are on record, so that its hosts can be reached. */
export async function knowFarm({ farm, redis }: Pick<LabSite, 'farm' | 'redis'>): Promise<void> {
  const connection = new Redis(redis.url);
  await knowHostKeys(redisHostKeys(connection, { zone: ZoneName.parse('staging') }), farm.fleet);
  connection.disconnect();
}

/** The Unix user of this terminal is ana, and what she asks for needs nobody's approval. */
export async function anaIsHere({ folder, configPath }: Farm): Promise<void> {
  await change(join(folder, 'people.yaml'), (people) => {
    people.people = { ana: { console: userInfo().username } };
    people.groups = { 'sysadmin-builders': ['ana'] };
  });
  await change(configPath, (settings) => {
    const [rule] = settings.rules as Record<string, unknown>[];
    delete rule?.approvals;
  });
}

async function change(
  path: string,
  how: (content: Record<string, unknown>) => void,
): Promise<void> {
  const content = parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  how(content);
  await writeFile(path, stringify(content));
}
