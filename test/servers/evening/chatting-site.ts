import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisRefusals } from '../../../src/adapters/store/redis-refusals.ts';
import { OpId, ZoneName } from '../../../src/domain/ids.ts';
import type { Journal } from '../../../src/jobs/journal/journal.ts';
import { type Refused, StoredRefusal } from '../../../src/jobs/refusals/refusal-entry.ts';
import { KEPT_REFUSALS } from '../../../src/jobs/refusals/refusal-store.ts';
import { startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { type RealRedis, realRedis } from '../program/real-redis.ts';
import type { SignalboxOptions } from '../program/signalbox.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';

const SCRIPT = fileURLToPath(new URL('chatting-process.ts', import.meta.url));
const ZONE = ZoneName.parse('staging');

/** What a site has beside the networks on which its people talk, and what a command needs to reach it. */
export interface ChattingSite extends SignalboxOptions {
  readonly fleet: Fleet;
  readonly redis: RealRedis;
  /** Seen from outside of the program. */
  readonly connection: Redis;
  readonly journal: Journal;
  readonly configPath: string;
  start(role: 'bot' | 'worker', secrets?: Readonly<Record<string, string>>): Promise<SiteProcess>;
  /** What stands in the journal of an operation, in order. */
  kinds(op: string): Promise<readonly string[]>;
  /** What people were told no to, as it is on record, oldest first. */
  refused(): Promise<readonly Refused[]>;
  newestRefusal(): Promise<Refused | undefined>;
  /** Settles with the oldest of them that is so, once there is one. */
  onRecord(isThat: (refused: Refused) => boolean): Promise<Refused>;
  /** Its processes are gone before anything else. */
  close(): Promise<void>;
}

export async function startChatting(): Promise<ChattingSite> {
  const [redis, farm] = await Promise.all([realRedis(), startFarm()]);
  const connection = new Redis(redis.url).on('error', () => undefined);
  await knowHostKeys(redisHostKeys(connection, { zone: ZONE }), farm.fleet);
  const journal = redisJournal(connection);
  const refusals = redisRefusals(connection);
  const processes: SiteProcess[] = [];
  const env = { ...farm.environment, REDIS_URL: redis.url };

  async function refused(most = KEPT_REFUSALS): Promise<readonly Refused[]> {
    const texts = await refusals.newest(most);
    return texts.map((text) => StoredRefusal.parse(JSON.parse(text)).refused);
  }

  return {
    fleet: farm.fleet,
    redis,
    connection,
    journal,
    configPath: farm.configPath,
    cwd: farm.folder,
    env,
    async start(role, secrets = {}) {
      const started = await startProcess(role, farm.configPath, { ...env, ...secrets }, SCRIPT);
      processes.push(started);
      return started;
    },
    async kinds(op) {
      const entries = await journal.read({ op: OpId.parse(op), zone: ZONE });
      return entries.map(({ event }) => event.kind);
    },
    refused,
    async newestRefusal() {
      const [newest] = await refused(1);
      return newest;
    },
    async onRecord(isThat) {
      let all: readonly Refused[] = [];
      const isThere = async () => {
        all = await refused();
        return all.some(isThat);
      };
      await eventually(isThere, PATIENCE_MS, () => `${isThat} in ${JSON.stringify(all, null, 1)}`);
      return all.find(isThat) as Refused;
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await Promise.all([farm.close(), redis.close()]);
    },
  };
}
