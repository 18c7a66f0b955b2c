import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { type Log, type Store, storeAt } from './store.ts';

const Listening = z.strictObject({ port: z.int() });

// A thread of its own, so that what it does to Node's modules stays there and it does not compete with the program.
const SERVER = import.meta.url.replace('embedded-store.', 'embedded-server.');

export interface EmbeddedStore extends Store {
  /** For other processes on this machine. */
  readonly address: string;
}

/** A real Valkey inside this process, on a port of loopback that was free. Nothing in it survives. */
export async function embeddedStore({
  log = () => {},
}: {
  log?: Log;
} = {}): Promise<EmbeddedStore> {
  const worker = new Worker(new URL(SERVER), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const { port } = await listening(worker);
  worker.unref();
  const address = `redis://127.0.0.1:${port}`;
  const store = storeAt({
    name: 'the embedded store',
    durable: false,
    address,
    log,
    async stop() {
      await worker.terminate();
    },
  });
  return { ...store, address };
}

async function listening(worker: Worker): Promise<z.infer<typeof Listening>> {
  try {
    return Listening.parse(
      await new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', (code) => reject(new Error(`its thread ended with ${code}`)));
      }),
    );
  } catch (cause) {
    await worker.terminate();
    throw new Failure({
      code: 'store.not-started',
      problem: 'The embedded store did not start',
      because: rootMessage(cause),
      effect: 'none',
      next: 'Install redis, or set REDIS_URL to a Redis that runs.',
      cause,
    });
  }
}
