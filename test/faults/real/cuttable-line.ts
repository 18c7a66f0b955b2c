import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Every append of a journal carries this, and nothing else that goes to the store does. */
const APPEND = '"tolerance":';

/** Before it gets to the store, when half of it is there, or when it is done and not yet answered. */
export type Moment = 'before' | 'inside' | 'after';

/** Which append that is still to come. */
export interface AppendAim {
  readonly moment: Moment;
  readonly nth: number;
  /** What the append has to hold, when not any will do. */
  readonly says?: string;
}

/** Whether the append goes on where it was caught, or is lost with an end of its line. */
export type Caught = () => 'goes on' | 'is lost';

interface Aimed extends AppendAim {
  left: number;
  readonly then: Caught;
}

/** The line between one process and the store. */
export interface CuttableLine {
  readonly port: number;
  /** Nothing passes any more in either direction, and nobody is told. */
  silence(): void;
  /** What was under way arrives after all. */
  heal(): void;
  /** Once. Gives what takes it back. */
  atAppend(aim: AppendAim, then: Caught): () => void;
  close(): Promise<void>;
}

export async function cuttableLine(storePort: number): Promise<CuttableLine> {
  const ends = new Set<Socket>();
  let silent = false;
  const aims = new Set<Aimed>();

  /** Whoever waited for just this append. */
  function caughtBy(chunk: Buffer): Aimed | undefined {
    if (!chunk.includes(APPEND)) return undefined;
    const meant = [...aims].filter(({ says = '' }) => chunk.includes(says));
    for (const aim of meant) aim.left -= 1;
    const caught = meant.find(({ left }) => left <= 0);
    if (caught !== undefined) aims.delete(caught);
    return caught;
  }

  function join(near: Socket, far: Socket): void {
    let afterAnswer: Aimed['then'] | undefined;
    near.on('data', (chunk) => {
      const caught = caughtBy(chunk);
      if (caught?.moment === 'after') afterAnswer = caught.then;
      if (caught === undefined || caught.moment === 'after') return void far.write(chunk);
      const sent = caught.moment === 'before' ? 0 : Math.floor(chunk.length / 2);
      far.write(chunk.subarray(0, sent), () => {
        if (caught.then() === 'goes on') far.write(chunk.subarray(sent));
      });
    });
    far.on('data', (chunk) => {
      const then = afterAnswer;
      afterAnswer = undefined;
      if (then === undefined || then() === 'goes on') near.write(chunk);
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
      for (const end of ends) end.resume();
    },
    atAppend(aim, then) {
      const aimed = { ...aim, left: aim.nth, then };
      aims.add(aimed);
      return () => void aims.delete(aimed);
    },
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
