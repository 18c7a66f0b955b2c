import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { postedOnce } from '../../adapters/chat/common/posted-once.ts';
import { channelLines } from '../../adapters/chat/console/channel-lines.ts';
import type {
  ChatNetwork,
  Incoming,
  MessageRef,
  Outgoing,
  Sender,
} from '../../bot/chat-network.ts';

export interface ScriptNetworkOptions {
  readonly channel: string;
  /** The bot's name, before what it says. */
  readonly name: string;
  readonly out: Writable;
}

/** The console without a terminal: people are played by a script. */
export interface ScriptNetwork extends ChatNetwork {
  /** Resolves when the bot has taken the message in. Waits until the network was started. */
  say(who: string, text: string): Promise<void>;
  /** Reacts to the newest prompt. False when there is none. */
  react(who: string, emoji: string, change: 'added' | 'removed'): Promise<boolean>;
  /** Calls with the lines of each message of the bot, until the returned function is called. */
  onPosted(listener: (lines: readonly string[]) => void): () => void;
}

/** A chat network that prints the channel as it goes: what people say and what the bot says. */
export function startScriptNetwork({ channel, name, out }: ScriptNetworkOptions): ScriptNetwork {
  const posted = postedOnce();
  const session = randomUUID().slice(0, 8);
  const started = Promise.withResolvers<(incoming: Incoming) => Promise<void>>();
  const listeners = new Set<(lines: readonly string[]) => void>();
  let count = 0;
  let newestPrompt: string | undefined;
  const newRef = () => ({ channel, id: `${session}-${++count}` });
  const print = (lines: readonly string[]) => {
    for (const line of lines) out.write(`${line}\n`);
  };

  async function say(message: Outgoing): Promise<MessageRef> {
    const ref = newRef();
    posted.remember(message, ref);
    if (message.as === 'prompt') newestPrompt = ref.id;
    print(channelLines(name, message.lines));
    for (const listener of listeners) listener(message.lines);
    return ref;
  }

  return {
    name: 'console',
    can: { edit: false, threads: false, reactions: true, files: false, formatting: 'plain' },
    private: true,
    async start(take) {
      started.resolve(take);
    },
    async say(who, text) {
      const take = await started.promise;
      print(channelLines(who, [text]));
      await take({ kind: 'message', ref: newRef(), sender: sender(who), text });
    },
    async react(who, emoji, change) {
      const take = await started.promise;
      if (newestPrompt === undefined) return false;
      print([change === 'added' ? `* ${who} reacts ${emoji}` : `* ${who} takes ${emoji} back`]);
      const on = { channel, id: newestPrompt };
      await take({ kind: 'reaction', ref: newRef(), sender: sender(who), on, emoji, change });
      return true;
    },
    onPosted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    post: (message) => posted.once(message, say),
    async edit() {
      throw new TypeError('a script cannot edit what it has printed');
    },
    async stop() {},
  };
}

/** In a lab the terminal vouches for whomever the script names. */
function sender(who: string): Sender {
  return { id: who, shown: who };
}
