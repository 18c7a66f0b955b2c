import { Redis, type RedisOptions } from 'ioredis';
import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisMessages } from '../../../src/adapters/store/redis-messages.ts';
import { storeAddress } from '../../../src/adapters/store/store-address.ts';
import { OpId, ZoneName } from '../../../src/domain/ids.ts';
import type { Journal, OpRef } from '../../../src/jobs/journal/journal.ts';
import { startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { type Channel, newChannel, type Said } from './channel.ts';
import { type ControlGate, gateBefore } from './control-gate.ts';
import { eventually } from './eventually.ts';
import { type RealRedis, realRedis } from './real-redis.ts';
import { type SiteProcess, startProcess } from './start-process.ts';

const ZONE = ZoneName.parse('staging');

/** A whole site: a real Redis, a farm, a channel, and the program's processes between them. */
export interface Site {
  readonly fleet: Fleet;
  readonly redis: RealRedis;
  readonly channel: Channel;
  readonly gate: ControlGate;
  /** Seen from outside of the program. */
  readonly journal: Journal;
  readonly configPath: string;
  startBot(): Promise<SiteProcess>;
  startWorker(): Promise<SiteProcess>;
  /** Ana asks for it; gives the prompt, once the bot knows what a reaction to it would mean. */
  asked(host: string): Promise<Said>;
  /** Ana asks for it and ben approves; gives the operation. */
  reimage(host: string): Promise<OpRef>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly redis?: () => Promise<RealRedis>;
  /** How a role reaches the store, where that is not how the test does. */
  readonly environment?: (role: 'bot' | 'worker') => Readonly<Record<string, string>>;
  /** How many times faster time passes at its farm than on the wall; as in the lab when absent. */
  readonly scale?: number;
  /** What its processes run instead of `site-process.ts`. */
  readonly script?: string;
}

export async function startSite(options: SiteOptions = {}): Promise<Site> {
  const { redis: startRedis = realRedis, environment, scale, script } = options;
  const [redis, farm] = await Promise.all([startRedis(), startFarm(scale)]);
  const { fleet, configPath } = farm;
  const gate = await gateBefore(configPath);
  const connection = connectionTo(redis.url);
  await knowHostKeys(redisHostKeys(connection, { zone: ZONE }), fleet);
  const channel = newChannel();
  const messages = redisMessages(connection);
  const processes: SiteProcess[] = [];

  async function start(role: 'bot' | 'worker'): Promise<SiteProcess> {
    const env = { ...farm.environment, ...(environment?.(role) ?? { REDIS_URL: redis.url }) };
    const started = await startProcess(role, configPath, env, script);
    processes.push(started);
    if (role === 'bot') channel.connect(started);
    return started;
  }

  async function asked(host: string): Promise<Said> {
    await channel.say('ana', `!reimage ${host}`);
    const prompt = await channel.hears(new RegExp(`ana: op-\\S+ reimage ${host}`));
    const isKnown = async () => (await messages.subjectOf('console', prompt.ref.id)) !== undefined;
    await eventually(isKnown);
    return prompt;
  }

  return {
    fleet,
    redis,
    channel,
    gate,
    configPath,
    journal: redisJournal(connection),
    startBot: () => start('bot'),
    startWorker: () => start('worker'),
    asked,
    async reimage(host) {
      const { lines, ref } = await asked(host);
      const op = opIn(lines);
      await channel.react('ben', '👍', ref);
      await channel.hears(new RegExp(`${op} approved by ben`));
      return { op, zone: ZONE };
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await Promise.all([gate.close(), farm.close(), redis.close()]);
    },
  };
}

function connectionTo(url: string): Redis {
  const at = storeAddress({ REDIS_URL: url })?.options;
  const options: Omit<RedisOptions, 'replyMapping'> = { ...at, ...commandOptions };
  return new Redis(options).on('error', () => {});
}

export function opIn(lines: readonly string[]): OpId {
  return OpId.parse(/op-\w+/.exec(lines.join())?.[0]);
}
