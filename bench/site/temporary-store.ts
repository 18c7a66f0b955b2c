import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/adapters/store/open-store.ts';
import type { Store } from '../../src/adapters/store/store.ts';

/** A real server of our own with `appendfsync always`. It ends with this process, whatever that ends with. */
export async function temporaryStore(): Promise<Store> {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  // Without REDIS_URL: what is measured is never somebody's store.
  const store = await openStore({ dataDir, env: { PATH: process.env.PATH } });
  const pid = await processOf(store);
  process.once('exit', () => {
    process.kill(pid, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { ...store, close: async () => {} };
}

async function processOf(store: Store): Promise<number> {
  const said = await store.connection('commands').info('server');
  return Number(/process_id:(\d+)/.exec(said)?.[1]);
}
