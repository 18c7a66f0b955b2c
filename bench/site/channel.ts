import type { ChatNetwork, Incoming, Outgoing } from '../../src/bot/chat-network.ts';

export interface Channel extends ChatNetwork {
  /** Somebody types a line. Ends when the bot has taken it in; fails when none listens. */
  says(name: string, text: string): Promise<void>;
  /** The first message from now on that fits. */
  heard(fits: (message: Outgoing) => boolean): Promise<Outgoing>;
}

const CHANNEL = '#ops';

/** Over all channels of a process, since a message counts once. */
let count = 0;
const nextId = () => `m${++count}`;

/** A network of one channel that keeps nothing. */
export function openChannel(): Channel {
  let take: ((incoming: Incoming) => Promise<void>) | undefined;
  const waiting = new Set<(message: Outgoing) => void>();
  return {
    name: 'console',
    can: { edit: false, threads: false, reactions: false, files: false, formatting: 'plain' },
    private: true,
    async start(listener) {
      take = listener;
    },
    async post(message) {
      for (const hear of waiting) hear(message);
      return { channel: message.channel, id: nextId() };
    },
    edit: async () => 'stands' as const,
    stop: async () => {},
    async says(name, text) {
      const sender = { id: name, shown: name };
      const ref = { channel: CHANNEL, id: nextId() };
      if (take === undefined) throw new Error(`no bot listens to ${name}`);
      await take({ kind: 'message', ref, sender, text });
    },
    heard(fits) {
      return new Promise((resolve) => {
        const hear = (message: Outgoing) => {
          if (!fits(message)) return;
          waiting.delete(hear);
          resolve(message);
        };
        waiting.add(hear);
      });
    },
  };
}
