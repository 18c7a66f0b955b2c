import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { Journal } from '../../../src/jobs/journal/journal.ts';
import { type RealRedis, realRedis } from '../../servers/program/real-redis.ts';
import { makeKey, type OpenSshServer, openSshServer } from '../../servers/ssh/open-ssh-server.ts';
import { type Chat, newChat } from './chat.ts';
import { type History, newHistory } from './history.ts';
import { HOSTS, ZONES, zoneOf } from './hosts.ts';
import type { Loss } from './loss.ts';
import { type Member, member } from './member.ts';
import { type Operator, operatorOf } from './operator.ts';
import { writeSiteFiles } from './site-files.ts';
import { type Target, targetIn } from './target.ts';

/** A whole site of its own: Redis, an SSH server, a channel, and the program's processes between them. */
export interface FaultSite {
  readonly folder: string;
  readonly history: History;
  readonly redis: RealRedis;
  /** One after the other: there is one Redis to kill. */
  redisAlone<T>(work: () => Promise<T>): Promise<T>;
  /** What Redis lost, and was accepted. */
  readonly losses: Loss[];
  readonly operator: Operator;
  readonly ssh: OpenSshServer;
  readonly chat: Chat;
  readonly target: Target;
  readonly bot: Member;
  readonly workers: readonly Member[];
  /** Seen from outside of the program. */
  readonly journal: Journal;
  /** Ends everything; the folder stays when it is wanted. */
  close(keep: boolean): Promise<void>;
}

export async function startFaultSite(ownClocks: boolean): Promise<FaultSite> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-faults-'));
  const history = newHistory();
  const keyFile = join(folder, 'id_ed25519');
  const authorized = makeKey(keyFile);
  const [redis, ssh] = await Promise.all([
    realRedis(),
    openSshServer({
      folder: join(folder, 'sshd'),
      authorized,
      config: ['MaxSessions 100', `SetEnv HOME=${folder}`],
    }),
  ]);
  writeSiteFiles(folder, { port: ssh.port, keyFile });
  const connection = new Redis(redis.url, commandOptions).on('error', () => {});
  await knowHosts(connection, ssh);
  const chat = newChat(history);
  const common = { folder, storePort: Number(new URL(redis.url).port), history };
  const hire = (name: string, role: string) =>
    member({ ...common, name, role, ownClock: ownClocks });
  const bot = await member({
    ...common,
    name: 'bot',
    role: 'bot',
    ownClock: ownClocks,
    started: chat.connect,
  });
  const [staging = '', production = ''] = ZONES;
  const workers = await Promise.all([
    hire('w1', staging),
    hire('w2', staging),
    hire('w3', production),
  ]);
  // The first one makes the key that the others trust.
  await bot.start();
  await Promise.all(workers.map((worker) => worker.start()));
  let redisBusy: Promise<unknown> = Promise.resolve();
  return {
    folder,
    history,
    redis,
    redisAlone(work) {
      const done = redisBusy.then(work);
      redisBusy = done.catch(() => {});
      return done;
    },
    losses: [],
    operator: operatorOf(folder, redis.url),
    ssh,
    chat,
    target: targetIn(folder),
    bot,
    workers,
    journal: redisJournal(connection),
    async close(keep) {
      await Promise.all([bot, ...workers].map((one) => one.close()));
      connection.disconnect();
      await Promise.all([redis.close(), ssh.stop()]);
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function knowHosts(connection: Redis, { hostKeys }: OpenSshServer): Promise<void> {
  for (const host of HOSTS) {
    const keys = redisHostKeys(connection, { zone: zoneOf(host) });
    await keys.replace(HostName.parse(host), hostKeys[0] ?? '', 'the harness starts');
  }
}
