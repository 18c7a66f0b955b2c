import type { ChildProcess } from 'node:child_process';
import type { Incoming, MessageRef, Outgoing } from '../../../src/bot/chat-network.ts';
import type { FromBot, ToBot } from '../../servers/program/chat-protocol.ts';
import type { History } from './history.ts';

export interface Heard extends Outgoing {
  readonly ref: MessageRef;
}

/** A channel that outlives its bots and forgets nothing. What is said while no bot is there is lost, as on IRC. */
export interface Chat {
  readonly heard: readonly Heard[];
  connect(bot: ChildProcess): void;
  say(who: string, text: string): void;
  react(who: string, emoji: string, on: MessageRef): void;
  /** Called with everything that is heard from now on. */
  listen(listener: (heard: Heard) => void): void;
}

const CHANNEL = '#ops';

export function newChat({ note }: History): Chat {
  const heard: Heard[] = [];
  const listeners: ((heard: Heard) => void)[] = [];
  let bot: ChildProcess | undefined;
  let count = 0;
  const newRef = () => ({ channel: CHANNEL, id: `m${++count}` });

  function tell(message: ToBot): void {
    if (bot?.connected) bot.send(message, () => {});
  }

  function bring(incoming: Incoming): void {
    tell({ kind: 'incoming', call: ++count, incoming });
  }

  return {
    heard,
    connect(child) {
      bot = child;
      child.on('message', (message: FromBot) => {
        if (message.kind !== 'post') return;
        const one = { ...message.message, ref: newRef() };
        heard.push(one);
        note(`#ops  ${one.lines.join(' / ')}`);
        if (child.connected)
          child.send({ kind: 'posted', call: message.call, ref: one.ref }, () => {});
        for (const listener of listeners) listener(one);
      });
    },
    say(who, text) {
      note(`${who} says ${text}`);
      bring({ kind: 'message', ref: newRef(), sender: { id: who, shown: who }, text });
    },
    react(who, emoji, on) {
      note(`${who} reacts ${emoji} to ${on.id}`);
      const sender = { id: who, shown: who };
      bring({ kind: 'reaction', ref: newRef(), sender, on, emoji, change: 'added' });
    },
    listen: (listener) => void listeners.push(listener),
  };
}
