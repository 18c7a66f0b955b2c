import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Every append of a journal carries this, and nothing else that goes to the store does. */
const APPEND = '"tolerance":';

/** The line between one process and the store. */
export interface CuttableLine {
  readonly port: number;
  /** Nothing passes any more in either direction, and nobody is told. */
  silence(): void;
  /** What was under way arrives after all. */
  heal(): void;
  /** Does this at an append that is still to come: before it gets to the store, or when it is there and not yet answered. */
  atAppend(moment: 'before' | 'after', nth: number, then: () => void): void;
  close(): Promise<void>;
}

export async function cuttableLine(storePort: number): Promise<CuttableLine> {
  const ends = new Set<Socket>();
  let silent = false;
  let catching: { moment: 'before' | 'after'; left: number; then: () => void } | undefined;

  /** Whether this is the append that was waited for. */
  function isCaught(chunk: Buffer): typeof catching {
    if (catching === undefined || !chunk.includes(APPEND)) return undefined;
    catching.left -= 1;
    if (catching.left > 0) return undefined;
    const caught = catching;
    catching = undefined;
    return caught;
  }

  function join(near: Socket, far: Socket): void {
    let afterAnswer: (() => void) | undefined;
    near.on('data', (chunk) => {
      const caught = isCaught(chunk);
      if (caught?.moment === 'before') return caught.then();
      if (caught !== undefined) afterAnswer = caught.then;
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (afterAnswer === undefined) return void near.write(chunk);
      afterAnswer();
    });
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      if (silent) end.pause();
      end.on('error', () => {});
      end.on('close', () => {
        ends.delete(end);
        other.destroy();
      });
    }
  }

  const server = createServer((near) => join(near, connect(storePort, '127.0.0.1')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      silent = true;
      for (const end of ends) end.pause();
    },
    heal() {
      silent = false;
      catching = undefined;
      for (const end of ends) end.resume();
    },
    atAppend(moment, nth, then) {
      catching = { moment, left: nth, then };
    },
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
