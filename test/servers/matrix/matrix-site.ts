import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { type SyncPlace, syncPlace } from '../../../src/adapters/chat/matrix/sync.ts';
import { redisChatMemory } from '../../../src/adapters/store/redis-chat-memory.ts';
import { type ChattingSite, startChatting } from '../evening/chatting-site.ts';
import { eventually } from '../program/eventually.ts';
import { replaceSettings } from '../program/replace-settings.ts';
import type { SiteProcess } from '../program/start-process.ts';
import type { Person, SeenEvent } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

/** A whole site whose people talk on a real Synapse. */
export interface MatrixSite extends Omit<ChattingSite, 'start'> {
  readonly synapse: Synapse;
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
  const [synapse, site] = await Promise.all([given ?? startSynapse(), startChatting()]);
  const names = ['ana', 'ben', 'cyd', 'eve', 'signalbox'] as const;
  const [ana, ben, cyd, eve, box] = await Promise.all(names.map((name) => synapse.register(name)));
  if (!ana || !ben || !cyd || !eve || !box) throw new Error('nobody registered');
  const invite = [ben.id, cyd.id, eve.id, box.id];
  const ops = await ana.makesRoom({ alias: 'ops', invite });
  await Promise.all([ben, cyd, eve].map((one) => one.joins(ops)));
  await configure(site.configPath, { synapse, box, approvals });
  const place = syncPlace(redisChatMemory(site.connection, 'matrix'), box.id);
  await site.start('worker');
  return {
    ...site,
    synapse,
    ana,
    ben,
    cyd,
    eve,
    ops,
    place,
    async startBot() {
      const bot = await site.start('bot');
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
    async close() {
      await site.close();
      await synapse.close();
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
  const matrixOf = (name: string) => ({ matrix: `@${name}:${synapse.serverName}` });
  const group = ['ana', 'ben', 'cyd'];
  const people = {
    groups: { 'sysadmin-builders': group },
    people: Object.fromEntries(group.map((name) => [name, matrixOf(name)])),
  };
  await replaceSettings(configPath, () => ({
    networks: { matrix: { homeserver: synapse.url, 'token-file': join(folder, 'token') } },
    channels: [{ network: 'matrix', channel: `#ops:${synapse.serverName}`, watches: ['builders'] }],
    rules: RULES(approvals),
  }));
  await writeFile(join(folder, 'token'), `${box.token}\n`);
  await writeFile(join(folder, 'people.yaml'), stringify(people));
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
