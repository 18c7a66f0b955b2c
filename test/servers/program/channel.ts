import type { Incoming, MessageRef, Outgoing } from '../../../src/bot/chat-network.ts';
import type { FromBot, ToBot } from './chat-protocol.ts';
import { eventually, PATIENCE_MS } from './eventually.ts';
import type { SiteProcess } from './start-process.ts';

export interface Said extends Outgoing {
  readonly ref: MessageRef;
  /** When it was heard, by `performance.now()`. */
  readonly at: number;
  /** The process id of the bot that said it. */
  readonly by: number | undefined;
}

/** The chat server with its one channel. It goes on while bots come and go, and remembers everything they said. */
export interface Channel {
  readonly said: readonly Said[];
  /** From when it connects on this bot hears what people say. */
  connect(bot: SiteProcess): void;
  /** What the bot answers to just this message. */
  ask(who: string, text: string, withinMs?: number): Promise<string>;
  /** Without waiting for an answer; settles when the bot has taken it in. */
  say(who: string, text: string): Promise<void>;
  react(who: string, emoji: string, on: MessageRef): Promise<void>;
  /** Settles when a message that matches is heard; its bot does not know that it was posted until it is let go. */
  hold(what: RegExp): Promise<{ letGo(): void }>;
  /** The first message that matches, already said or yet to come. */
  hears(what: RegExp, withinMs?: number): Promise<Said>;
}

const CHANNEL = '#ops';

export function newChannel(): Channel {
  const said: Said[] = [];
  const taken = new Set<number>();
  const held = new Map<RegExp, (held: { letGo(): void }) => void>();
  const bots = new Set<SiteProcess>();
  let count = 0;
  const newRef = () => ({ channel: CHANNEL, id: `m${++count}` });

  /**
   * As a chat server does: to every bot that is connected. A person waits until there is one, and types it again when all of
   * those have left over it.
   */
  async function tell(
    message: ToBot,
    isOver: () => boolean,
    { withinMs = PATIENCE_MS, what }: { readonly withinMs?: number | undefined; what: string },
  ): Promise<void> {
    let told: readonly (() => boolean)[] = [];
    await eventually(
      () => {
        if (isOver()) return true;
        if (!told.some((isThere) => isThere()))
          told = [...bots].flatMap((bot) => send(bot, message));
        return false;
      },
      withinMs,
      () => `${what} in\n${transcript()}`,
    );
  }

  /** Whether the connection that heard it is still there; nothing where there is none. */
  function send(bot: SiteProcess, message: ToBot): (() => boolean)[] {
    const connection = bot.connection();
    if (connection === undefined) return [];
    bot.child.send(message);
    return [() => bot.connection() === connection];
  }

  async function bring(incoming: Incoming): Promise<void> {
    const call = ++count;
    const what = `taken in: ${JSON.stringify(incoming)}`;
    await tell({ kind: 'incoming', call, incoming }, () => taken.has(call), { what });
  }

  const find = (is: (one: Said) => boolean) => said.find(is);
  const transcript = () => said.map(({ lines }) => lines.join('\n')).join('\n');

  return {
    said,
    connect(process) {
      bots.add(process);
      process.child.on('message', (message: FromBot) => {
        if (message.kind === 'taken') taken.add(message.call);
        if (message.kind !== 'post') return;
        const ref = newRef();
        said.push({ ...message.message, ref, at: performance.now(), by: process.child.pid });
        const letGo = () => {
          if (process.isRunning()) process.child.send({ kind: 'posted', call: message.call, ref });
        };
        const text = message.message.lines.join('\n');
        const wanted = [...held.keys()].find((what) => what.test(text));
        if (wanted === undefined) return letGo();
        held.get(wanted)?.({ letGo });
        held.delete(wanted);
      });
    },
    async ask(who, text, withinMs) {
      const ref = newRef();
      const key = `reply to ${ref.id}`;
      const asked = { kind: 'incoming', call: ++count, incoming: message(ref, who, text) } as const;
      const isAnswered = () => find((one) => one.key === key) !== undefined;
      await tell(asked, isAnswered, { withinMs, what: `answer to ${text}` });
      return find((one) => one.key === key)?.lines.join('\n') ?? '';
    },
    async hold(what) {
      let caught: { letGo(): void } | undefined;
      held.set(what, (one) => {
        caught = one;
      });
      await eventually(
        () => caught !== undefined,
        PATIENCE_MS,
        () => `${what}`,
      );
      return caught as { letGo(): void };
    },
    say: (who, text) => bring(message(newRef(), who, text)),
    react: (who, emoji, on) =>
      bring({ kind: 'reaction', ref: newRef(), sender: sender(who), on, emoji, change: 'added' }),
    async hears(what, withinMs = PATIENCE_MS) {
      const matches = (one: Said) => what.test(one.lines.join('\n'));
      await eventually(
        () => find(matches) !== undefined,
        withinMs,
        () => `${what} in\n${transcript()}`,
      );
      return find(matches) as Said;
    },
  };
}

function message(ref: MessageRef, who: string, text: string): Incoming {
  return { kind: 'message', ref, sender: sender(who), text };
}

function sender(who: string) {
  return { id: who, shown: who };
}
