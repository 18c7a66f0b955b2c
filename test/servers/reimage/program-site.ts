import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { stringify } from 'yaml';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisMessages } from '../../../src/adapters/store/redis-messages.ts';
import { HostName, ZoneName } from '../../../src/domain/ids.ts';
import type { Journal, OpRef } from '../../../src/jobs/journal/journal.ts';
import type { HostKeys } from '../../../src/jobs/ports/host-keys.ts';
import { type Channel, newChannel } from '../program/channel.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { lastingPort } from '../program/lasting-port.ts';
import { realRedis } from '../program/real-redis.ts';
import { opIn } from '../program/site.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';
import { type BuilderHub, builderHub, HUB_PASSWORD } from './builder-hub.ts';
import type { StopAt } from './held-journal.ts';

const ZONE = ZoneName.parse('staging');
const PROCESS = fileURLToPath(new URL('reimage-process.ts', import.meta.url));
/** Long enough for a machine that is busy emulating. */
const LEASE_MS = 5_000;
const TIME_SCALE = 8;

export interface WorkerOptions {
  readonly stopAt?: StopAt | undefined;
  /** How much faster its waits end, and its patience too. */
  readonly timeScale?: number;
}

export interface StoppingWorker extends SiteProcess {
  /** Whether it stands still at the place where it was told to. */
  isHeld(): boolean;
}

/** What a site is made of beside the program: YAML, as its files have it. */
export interface SiteParts {
  readonly inventory: object;
  /** Beside farm, witness and reports. */
  readonly drivers: object;
  /** Host keys that somebody has accepted. */
  readonly known: Readonly<Record<string, string>>;
}

export interface SiteFacts {
  readonly farm: BuilderHub;
  /** What the install server hands out is taken from here. */
  readonly folder: string;
  readonly installPort: number;
}

export interface ProgramSiteOptions {
  readonly builders: readonly HostName[];
  /** The name that builders have for the machine of the install server. */
  readonly installHost: string;
  readonly witness: object;
  readonly parts: (facts: SiteFacts) => Promise<SiteParts>;
}

/** The program at a site whose hosts are real: a Redis, a koji hub, a channel, one bot, and workers that come and go. */
export interface ProgramSite {
  readonly farm: BuilderHub;
  readonly folder: string;
  readonly channel: Channel;
  readonly journal: Journal;
  readonly hostKeys: HostKeys;
  startWorker(options?: WorkerOptions): Promise<StoppingWorker>;
  /** Ana asks for it and ben approves; gives the operation. */
  reimage(host: HostName, image: string): Promise<OpRef>;
  /** What the channel has heard. */
  transcript(): string;
  close(): Promise<void>;
}

export async function startProgramSite(options: ProgramSiteOptions): Promise<ProgramSite> {
  const [redis, farm, folder, installPort] = await Promise.all([
    realRedis(),
    builderHub(options.builders),
    mkdtemp(join(tmpdir(), 'signalbox-reimage-')),
    lastingPort(),
  ]);
  const facts = { farm, folder, installPort };
  const { inventory, drivers, known } = await options.parts(facts);
  await writeFile(join(folder, 'koji-password'), HUB_PASSWORD, { mode: 0o600 });
  await writeFile(join(folder, 'inventory.yaml'), stringify(inventory));
  const configPath = join(folder, 'signalbox.yaml');
  await writeFile(configPath, stringify(settings(facts, options, drivers)));
  const connection = new Redis(redis.url, commandOptions).on('error', () => {});
  const hostKeys = redisHostKeys(connection, { zone: ZONE });
  for (const [name, key] of Object.entries(known)) {
    await hostKeys.replace(HostName.parse(name), key, 'the site is set up');
  }
  const messages = redisMessages(connection);
  const channel = newChannel();
  const processes: SiteProcess[] = [];

  async function start(role: 'bot' | 'worker', { timeScale, stopAt }: WorkerOptions = {}) {
    const timing = { LEASE_MS: String(LEASE_MS), TIME_SCALE: String(timeScale ?? TIME_SCALE) };
    const stop = stopAt && { STOP_AT: JSON.stringify(stopAt) };
    const env = { REDIS_URL: redis.url, ...timing, ...stop };
    const started = await startProcess(role, configPath, env, PROCESS);
    processes.push(started);
    return started;
  }

  function transcript(from = 0): string {
    return channel.said
      .slice(from)
      .map(({ lines }) => lines.join('\n'))
      .join('\n');
  }

  channel.connect(await start('bot'));
  return {
    farm,
    folder,
    channel,
    journal: redisJournal(connection),
    hostKeys,
    async startWorker(worker) {
      const started = await start('worker', worker);
      let held = false;
      started.child.on('message', ({ kind }: { kind: string }) => {
        if (kind === 'held') held = true;
      });
      return { ...started, isHeld: () => held };
    },
    async reimage(host, image) {
      const from = channel.said.length;
      await channel.say('ana', `!reimage ${host} image=${image}`);
      const find = () =>
        channel.said.slice(from).find(({ lines }) => /^ana: op-/.test(lines[0] ?? ''));
      await eventually(
        () => find() !== undefined,
        PATIENCE_MS,
        () => transcript(from),
      );
      const { ref, lines } = find() ?? { lines: [] };
      const op = opIn(lines);
      if (ref === undefined) throw new Error('nobody was asked');
      await eventually(async () => (await messages.subjectOf('console', ref.id)) !== undefined);
      await channel.react('ben', '👍', ref);
      await channel.hears(new RegExp(`${op} approved by ben`));
      return { op, zone: ZONE };
    },
    transcript,
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await Promise.all([farm.close(), redis.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settings(
  { farm, folder, installPort }: SiteFacts,
  { installHost, witness }: ProgramSiteOptions,
  drivers: object,
) {
  const login = { login: 'password', user: 'bot', 'password-file': join(folder, 'koji-password') };
  const url = `http://${installHost}:${installPort}/`;
  const listen = { listen: '127.0.0.1', port: installPort };
  return {
    name: 'reimage',
    inventory: 'inventory.yaml',
    directory: {
      groups: { 'sysadmin-builders': ['ana', 'ben'] },
      people: { ana: { console: 'ana' }, ben: { console: 'ben' } },
    },
    channels: [{ network: 'console', channel: '#ops', watches: ['builders'] }],
    zones: {
      staging: {
        drivers: {
          farm: { product: 'koji', hub: farm.hub.url.href, ...login },
          witness: { product: 'ssh', ...witness },
          reports: { product: 'install-server', url, ...listen, files: folder },
          ...drivers,
        },
      },
    },
    rules: [
      {
        allow: ['reimage'],
        on: { environments: ['staging'] },
        to: ['sysadmin-builders'],
        approvals: { destructive: { count: 1, from: ['sysadmin-builders'] } },
      },
    ],
  };
}
