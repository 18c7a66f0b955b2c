import type { Outgoing } from '../../../bot/chat-network.ts';
import { awayNow, stoppedBefore } from './matrix-failure.ts';

const START_MS = 15_000;
/** So long an answer waits for the connection; whoever tells of operations posts again by themselves. */
const ANSWER_MS = 120_000;

type Message = Pick<Outgoing, 'as' | 'channel'>;

/** Lets messages out while there is a connection, and after an absence first the word of it. */
export interface Gate {
  readonly isOpen: boolean;
  /** Closed, and about to be open: messages wait for it. */
  start(): void;
  open(): void;
  /** Only notices pass until it opens. */
  holdBack(): void;
  close(): void;
  /** Whoever waits gets a Failure. */
  stop(): void;
  /** Settles when the message may be sent; a Failure when it is not known when that will be. */
  pass(message: Message): Promise<void>;
}

export function createGate(): Gate {
  let state: 'starting' | 'open' | 'held back' | 'closed' | 'stopped' = 'starting';
  let opened = Promise.withResolvers<void>();

  function waitMs({ as }: Message): number {
    if (as === 'reply') return ANSWER_MS;
    return state === 'closed' ? 0 : START_MS;
  }

  return {
    get isOpen() {
      return state === 'open';
    },
    start() {
      state = 'starting';
      opened = Promise.withResolvers();
    },
    open() {
      state = 'open';
      opened.resolve();
    },
    holdBack() {
      state = 'held back';
    },
    close() {
      if (state === 'open') opened = Promise.withResolvers();
      if (state !== 'starting') state = 'closed';
    },
    stop() {
      state = 'stopped';
      opened.resolve();
    },
    async pass(message) {
      const deadline = performance.now() + waitMs(message);
      while (state !== 'open') {
        if (state === 'stopped') throw stoppedBefore(message.channel);
        if (state === 'held back' && message.as === 'notice') return;
        const leftMs = deadline - performance.now();
        if (leftMs <= 0 || !(await settlesWithin(opened.promise, leftMs))) {
          throw awayNow(message.channel);
        }
      }
    },
  };
}

async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  const { promise: over, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), over]);
  } finally {
    clearTimeout(timer);
  }
}
