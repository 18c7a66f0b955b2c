import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import type { Journal } from '../../../src/jobs/journal/journal.ts';
import { writeSiteFiles } from '../../faults/real/site-files.ts';
import { type Channel, newChannel } from '../program/channel.ts';
import { type RealRedis, realRedis } from '../program/real-redis.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';
import { makeKey } from '../ssh/open-ssh-server.ts';

const SCRIPT = fileURLToPath(new URL('parked-process.ts', import.meta.url));

/** A bot, a worker and Redis as processes; what they run counts as the toy runbook of the fault harness does. */
export interface ParkedSite {
  readonly configPath: string;
  readonly redis: RealRedis;
  /** Seen from outside of the program. */
  readonly connection: Redis;
  readonly journal: Journal;
  readonly channel: Channel;
  start(role: 'bot' | 'worker'): Promise<SiteProcess>;
  close(): Promise<void>;
}

export async function parkedSite(): Promise<ParkedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-parked-'));
  const configPath = join(folder, 'signalbox.yaml');
  const keyFile = join(folder, 'id_ed25519');
  makeKey(keyFile);
  writeSiteFiles(folder, { port: 22, keyFile });
  const redis = await realRedis();
  const connection = new Redis(redis.url, commandOptions).on('error', () => {});
  const channel = newChannel();
  const processes: SiteProcess[] = [];
  return {
    configPath,
    redis,
    connection,
    journal: redisJournal(connection),
    channel,
    async start(role) {
      const started = await startProcess(role, configPath, { REDIS_URL: redis.url }, SCRIPT);
      processes.push(started);
      if (role === 'bot') channel.connect(started);
      return started;
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await redis.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
