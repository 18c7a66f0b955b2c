import type { ChatNetwork, MessageRef } from '../../../src/bot/chat-network.ts';
import type { FromBot, ToBot } from './chat-protocol.ts';

const send = (message: FromBot) => process.send?.(message);

/**
 * The bot's end of a chat server that is kept by the test, so that the channel outlives the bot. It never posts the same
 * thing once by itself: what is said twice is seen twice.
 */
export function pipedNetwork(): ChatNetwork {
  const waiting = new Map<number, (ref: MessageRef) => void>();
  let calls = 0;
  let listener: ((message: ToBot) => void) | undefined;
  return {
    name: 'console',
    can: { edit: false, threads: false, reactions: true, files: false, formatting: 'plain' },
    private: true,
    async start(take) {
      listener = async (message) => {
        if (message.kind === 'posted') return waiting.get(message.call)?.(message.ref);
        await take(message.incoming);
        send({ kind: 'taken', call: message.call });
      };
      process.on('message', listener);
      send({ kind: 'connected' });
    },
    post(message) {
      const call = ++calls;
      send({ kind: 'post', call, message });
      return new Promise((resolve) => waiting.set(call, resolve));
    },
    async edit() {
      throw new TypeError('this channel cannot edit');
    },
    async stop() {
      if (listener !== undefined) process.off('message', listener);
      send({ kind: 'gone' });
    },
  };
}
