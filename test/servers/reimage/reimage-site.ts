import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
import { HostName, type OpId, ZoneName } from '../../../src/domain/ids.ts';
import type { Journal, OpRef } from '../../../src/jobs/journal/journal.ts';
import type { HostKeys } from '../../../src/jobs/ports/host-keys.ts';
import { goldenImage } from '../guest/golden-image.ts';
import { startVirtHost, type VirtHost } from '../guest-host/start-virt-host.ts';
import { type Channel, newChannel } from '../program/channel.ts';
import { eventually } from '../program/eventually.ts';
import { lastingPort } from '../program/lasting-port.ts';
import { realRedis } from '../program/real-redis.ts';
import { opIn } from '../program/site.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';
import { type BuilderHub, builderHub, HUB_PASSWORD } from './builder-hub.ts';
import { type CountedPrograms, countedPrograms } from './counted-programs.ts';
import { guestInventory, HYPERVISOR } from './guest-inventory.ts';
import type { StopAt } from './held-journal.ts';
import { type VirtGuest, virtGuest } from './virt-guest.ts';

const ZONE = ZoneName.parse('staging');
const PROCESS = fileURLToPath(new URL('reimage-process.ts', import.meta.url));
/** Long enough for a machine that is busy emulating. */
const LEASE_MS = 5_000;
const TIME_SCALE = 12;

/** A guest that is emulated on a busy machine starts twice in this time. */
export const PATIENCE_MS = 240_000;

/** What is counted on the targets when each effect happened once. */
export const ONCE = {
  acts: { undefine: 1, create: 1, define: 1, start: 1 },
  hub: { disableHost: 1, editHost: 2, enableHost: 1 },
} as const;

export interface WorkerOptions {
  readonly stopAt?: StopAt | undefined;
  /** How much faster its waits end, and its patience too. */
  readonly timeScale?: number;
}

export interface StoppingWorker extends SiteProcess {
  /** Whether it stands still at the place where it was told to. */
  isHeld(): boolean;
}

/** Everything real but the hub: Redis, the program's processes, a hypervisor with guests of libvirt, their sshd. */
export interface ReimageSite {
  readonly host: VirtHost;
  guest(name: HostName): VirtGuest;
  readonly acts: CountedPrograms;
  readonly farm: BuilderHub;
  readonly channel: Channel;
  readonly journal: Journal;
  readonly hostKeys: HostKeys;
  startWorker(options?: WorkerOptions): Promise<StoppingWorker>;
  /** Ana asks for it and ben approves; gives the operation. */
  reimage(guest: VirtGuest, image?: string): Promise<OpRef>;
  /** Counts from now on. */
  reset(): void;
  /** What the channel has heard. */
  transcript(): string;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly guests: readonly HostName[];
  readonly shell: 'node-ssh' | 'openssh';
}

export async function startReimageSite({
  guests: names,
  shell,
}: SiteOptions): Promise<ReimageSite> {
  const [golden, redis, farm, folder, installPort] = await Promise.all([
    goldenImage(),
    realRedis(),
    builderHub(names),
    mkdtemp(join(tmpdir(), 'signalbox-reimage-')),
    lastingPort(),
  ]);
  const host = await startVirtHost();
  const acts = countedPrograms(host);
  const [images, disks] = ['images', 'disks'].map((name) => join(host.home, name)) as [
    string,
    string,
  ];
  const image = join(images, 'golden.qcow2');
  host.run('mkdir', images, disks);
  host.run('cp', golden.disk, image);
  const guests = await Promise.all(
    names.map((name) => virtGuest({ host, name, golden, image, disks })),
  );
  const configPath = join(folder, 'signalbox.yaml');
  const write = (name: string, content: unknown) =>
    writeFile(join(folder, name), stringify(content));
  await write(
    'inventory.yaml',
    guestInventory(host, guests, {
      authorized: publicKey(host.ssh.key),
      sha256: createHash('sha256').update(readFileSync(golden.disk)).digest('hex'),
      checkInPort: farm.checkInPort,
    }),
  );
  await writeFile(join(folder, 'koji-password'), HUB_PASSWORD, { mode: 0o600 });
  await write('signalbox.yaml', settings({ farm, folder, shell, host, installPort }));
  const connection = new Redis(redis.url, commandOptions).on('error', () => {});
  const hostKeys = redisHostKeys(connection, { zone: ZONE });
  await hostKeys.replace(HostName.parse(HYPERVISOR), host.ssh.hostKey, 'the site is set up');
  const messages = redisMessages(connection);
  const channel = newChannel();
  const processes: SiteProcess[] = [];

  async function start(
    role: 'bot' | 'worker',
    { timeScale = TIME_SCALE, stopAt }: WorkerOptions = {},
  ) {
    const stop: Record<string, string> =
      stopAt === undefined ? {} : { STOP_AT: JSON.stringify(stopAt) };
    const timing = { LEASE_MS: String(LEASE_MS), TIME_SCALE: String(timeScale) };
    const env = { REDIS_URL: redis.url, ...timing, ...stop };
    const started = await startProcess(role, configPath, env, PROCESS);
    processes.push(started);
    return started;
  }

  channel.connect(await start('bot'));
  return {
    host,
    guest(name) {
      const guest = guests.find((one) => one.name === name);
      if (guest === undefined) throw new Error(`there is no ${name}`);
      return guest;
    },
    acts,
    farm,
    channel,
    reset() {
      acts.reset();
      farm.reset();
    },
    transcript: () => channel.said.map(({ lines }) => lines.join('\n')).join('\n'),
    journal: redisJournal(connection),
    hostKeys,
    async startWorker(options) {
      const worker = await start('worker', options);
      let held = false;
      worker.child.on('message', ({ kind }: { kind: string }) => {
        if (kind === 'held') held = true;
      });
      return { ...worker, isHeld: () => held };
    },
    async reimage({ name }, as = 'tiny') {
      const asked = channel.said.length;
      await channel.say('ana', `!reimage ${name} image=${as}`);
      const find = () =>
        channel.said.slice(asked).find(({ lines }) => /ana: op-\S+ reimage /.test(lines.join()));
      const transcript = () =>
        channel.said
          .slice(asked)
          .map(({ lines }) => lines.join('\n'))
          .join('\n');
      await eventually(() => find() !== undefined, 30_000, transcript);
      const prompt = find() as NonNullable<ReturnType<typeof find>>;
      const isKnown = async () =>
        (await messages.subjectOf('console', prompt.ref.id)) !== undefined;
      await eventually(isKnown);
      const op: OpId = opIn(prompt.lines);
      await channel.react('ben', '👍', prompt.ref);
      await channel.hears(new RegExp(`${op} approved by ben`));
      return { op, zone: ZONE };
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await Promise.all([host.stop(), farm.close(), redis.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function publicKey(privateKey: string): string {
  return readFileSync(`${privateKey}.pub`, 'utf8').trim();
}

interface SettingsFacts {
  readonly farm: BuilderHub;
  readonly folder: string;
  readonly shell: 'node-ssh' | 'openssh';
  readonly host: VirtHost;
  readonly installPort: number;
}

function settings({ farm, folder, shell, host, installPort }: SettingsFacts) {
  const url = `http://10.0.2.2:${installPort}/`;
  const login = { login: 'password', user: 'bot', 'password-file': join(folder, 'koji-password') };
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
          shell: {
            product: shell,
            'key-file': host.ssh.key,
            'connect-timeout-s': 5,
            // On the hypervisor and on its guests alike.
            'state-dir': join(host.home, 'claims'),
          },
          witness: { product: 'ssh', restart: ['reboot'] },
          reports: {
            product: 'install-server',
            url,
            listen: '127.0.0.1',
            port: installPort,
            files: folder,
          },
          hypervisor: {
            product: 'libvirt',
            uri: host.uri,
            'install-server': url,
            images: join(host.home, 'images'),
            disks: join(host.home, 'disks'),
            state: join(host.home, 'state'),
            tpm: join(host.home, '.config/libvirt/qemu/swtpm'),
            'shutdown-seconds': 10,
            'free-mb': 1,
          },
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
