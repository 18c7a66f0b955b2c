import type { ChatNetwork, Incoming, MessageRef } from '../../../src/bot/chat-network.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { FromBot, ToBot } from './chat-protocol.ts';
import { eventually } from './eventually.ts';

const send = (message: FromBot) => process.send?.(message);

/** As a server that is told goodbye: what it was sent just before still arrives. */
const LAST_WORDS_MS = 2_000;

/**
 * The bot's end of a chat server that is kept by the test, so that the channel outlives the bot. It never posts the same
 * thing once by itself: what is said twice is seen twice.
 */
export function pipedNetwork(): ChatNetwork {
  const waiting = new Map<number, PromiseWithResolvers<MessageRef>>();
  let calls = 0;
  let take: ((incoming: Incoming) => Promise<void>) | undefined;

  process.on('message', async (message: ToBot) => {
    if (message.kind === 'posted') return arrived(message.call, message.ref);
    if (take === undefined) return;
    await take(message.incoming);
    send({ kind: 'taken', call: message.call });
  });

  function arrived(call: number, ref: MessageRef): void {
    waiting.get(call)?.resolve(ref);
    waiting.delete(call);
  }

  return {
    name: 'console',
    can: { edit: false, threads: false, reactions: true, files: false, formatting: 'plain' },
    private: true,
    async start(given) {
      take = given;
      send({ kind: 'connected' });
    },
    async post(message) {
      if (take === undefined) throw notConnected();
      const call = ++calls;
      const posted = Promise.withResolvers<MessageRef>();
      waiting.set(call, posted);
      send({ kind: 'post', call, message });
      return posted.promise;
    },
    async edit() {
      throw new TypeError('this channel cannot edit');
    },
    async stop() {
      take = undefined;
      await eventually(() => waiting.size === 0, LAST_WORDS_MS).catch(() => undefined);
      for (const { reject } of waiting.values()) reject(notConnected());
      waiting.clear();
      send({ kind: 'gone' });
    },
  };
}

function notConnected(): Failure {
  return new Failure({
    code: 'chat.away',
    problem: 'The channel could not be told',
    because: 'the bot is not connected',
    effect: 'unknown',
    next: 'Nothing: whoever talks there says it.',
  });
}
