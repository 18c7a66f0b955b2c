import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { type SyncPlace, syncPlace } from '../../../src/adapters/chat/matrix/sync.ts';
import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';
import { redisChatMemory } from '../../../src/adapters/store/redis-chat-memory.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisRefusals } from '../../../src/adapters/store/redis-refusals.ts';
import { OpId, ZoneName } from '../../../src/domain/ids.ts';
import type { Journal } from '../../../src/jobs/journal/journal.ts';
import { type Refused, StoredRefusal } from '../../../src/jobs/refusals/refusal-entry.ts';
import { KEPT_REFUSALS } from '../../../src/jobs/refusals/refusal-store.ts';
import { startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { eventually } from '../program/eventually.ts';
import { type RealRedis, realRedis } from '../program/real-redis.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';
import type { Person, SeenEvent } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

const SCRIPT = fileURLToPath(new URL('../evening/chatting-process.ts', import.meta.url));
const ZONE = ZoneName.parse('staging');

/** A whole site whose people talk on a real Synapse. */
export interface MatrixSite {
  readonly synapse: Synapse;
  readonly redis: RealRedis;
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly ana: Person;
  readonly ben: Person;
  readonly cyd: Person;
  /** Of nobody whom the directory knows. */
  readonly eve: Person;
  /** The id of the room that the bot talks in. */
  readonly ops: string;
  /** How far the bot got in what the homeserver tells it. */
  readonly place: SyncPlace;
  /** Settles when it hears what is said. */
  startBot(): Promise<SiteProcess>;
  /** Ana asks for it; gives the operation and the question for its approval, once both answers are offered. */
  asked(host: string): Promise<Asked>;
  /** What stands in its journal, in order. */
  kinds(op: string): Promise<readonly string[]>;
  /** What people were told no to, as it is on record, oldest first. */
  refused(): Promise<readonly Refused[]>;
  close(): Promise<void>;
}

export interface Asked {
  readonly op: string;
  readonly question: SeenEvent;
}

export interface MatrixSiteOptions {
  /** How many people have to approve a reimage. */
  readonly approvals?: number;
  /** Gone with the site. */
  readonly synapse?: Synapse;
}

export async function startMatrixSite({
  approvals = 1,
  synapse: given,
}: MatrixSiteOptions = {}): Promise<MatrixSite> {
  const [synapse, redis, farm] = await Promise.all([
    given ?? startSynapse(),
    realRedis(),
    startFarm(),
  ]);
  const names = ['ana', 'ben', 'cyd', 'eve', 'signalbox'] as const;
  const [ana, ben, cyd, eve, box] = await Promise.all(names.map((name) => synapse.register(name)));
  if (!ana || !ben || !cyd || !eve || !box) throw new Error('nobody registered');
  const invite = [ben.id, cyd.id, eve.id, box.id];
  const ops = await ana.makesRoom({ alias: 'ops', invite });
  await Promise.all([ben, cyd, eve].map((one) => one.joins(ops)));
  await configure(farm.configPath, { synapse, box, approvals });
  const connection = new Redis(redis.url).on('error', () => undefined);
  await knowHostKeys(redisHostKeys(connection, { zone: ZONE }), farm.fleet);
  const journal = redisJournal(connection);
  const refusals = redisRefusals(connection);
  const place = syncPlace(redisChatMemory(connection, 'matrix'), box.id);
  const environment = { ...farm.environment, REDIS_URL: redis.url };
  const processes: SiteProcess[] = [];
  const start = async (role: 'bot' | 'worker') => {
    const started = await startProcess(role, farm.configPath, environment, SCRIPT);
    processes.push(started);
    return started;
  };
  await start('worker');
  return {
    synapse,
    redis,
    fleet: farm.fleet,
    journal,
    ana,
    ben,
    cyd,
    eve,
    ops,
    place,
    async startBot() {
      const bot = await start('bot');
      await eventually(async () => (await place.read()) !== undefined);
      return bot;
    },
    async asked(host) {
      const asking = new RegExp(`(op-\\w+).*reimage ${host}[\\s\\S]*needs ${approvals} approval`);
      await ana.says(ops, `!reimage ${host}`);
      const question = await ana.hears(ops, asking);
      await ana.isOffered(ops, question.event_id, '👎');
      const [, op = ''] = asking.exec(question.content.body ?? '') ?? [];
      return { op, question };
    },
    async kinds(op) {
      const ref = { op: OpId.parse(op), zone: ZONE };
      return (await journal.read(ref)).map(({ event }) => event.kind);
    },
    async refused() {
      const texts = await refusals.newest(KEPT_REFUSALS);
      return texts.map((text) => StoredRefusal.parse(JSON.parse(text)).refused);
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await Promise.all([synapse.close(), farm.close(), redis.close()]);
    },
  };
}

interface Configured {
  readonly synapse: Synapse;
  readonly box: Person;
  readonly approvals: number;
}

/** The lab's own configuration, with Matrix in the place of the console. */
async function configure(
  configPath: string,
  { synapse, box, approvals }: Configured,
): Promise<void> {
  const folder = dirname(configPath);
  const lab = parse(await readFile(configPath, 'utf8'));
  const matrixOf = (name: string) => ({ matrix: `@${name}:${synapse.serverName}` });
  const group = ['ana', 'ben', 'cyd'];
  const people = {
    groups: { 'sysadmin-builders': group },
    people: Object.fromEntries(group.map((name) => [name, matrixOf(name)])),
  };
  const site = {
    ...lab,
    networks: { matrix: { homeserver: synapse.url, 'token-file': join(folder, 'token') } },
    channels: [{ network: 'matrix', channel: `#ops:${synapse.serverName}`, watches: ['builders'] }],
    rules: RULES(approvals),
  };
  await writeFile(join(folder, 'token'), `${box.token}\n`);
  await writeFile(join(folder, 'people.yaml'), stringify(people));
  await writeFile(configPath, stringify(site));
}

const RULES = (count: number) => [
  {
    allow: ['reimage'],
    on: { environments: ['staging'], pools: ['builders'] },
    to: ['sysadmin-builders'],
    approvals: { destructive: { count, from: ['sysadmin-builders'] } },
  },
  { allow: ['audit'], to: ['sysadmin-builders'] },
];
