import type { PrivmsgEvent } from 'irc-framework';
import type { Incoming, Sender } from '../../../bot/chat-network.ts';
import { undecorated } from './decoration.ts';

/** How much older than now a message may be that was sent just now: clocks are compared only now and then. */
const LATEST_MS = 60_000;
const PLAYBACKS = new Set(['chathistory', 'draft/chathistory', 'znc.in/playback', 'playback']);

/** What is known about the connection when a message comes. */
export interface Surroundings {
  readonly ownNick: string;
  /** Whether the server puts the account on each message. */
  readonly vouches: boolean;
  /** As the configuration writes them. */
  readonly channels: readonly string[];
  isSame(one: string, other: string): boolean;
  /** By our clock, in milliseconds since 1970. */
  readonly now: number;
  toOurClock(serverTime: number): number;
  /** For a message that has none. */
  newId(): string;
}

/** Undefined for what is not for us: our own echo, what is played back, and what was said to no channel of ours. */
export function hearMessage(event: PrivmsgEvent, around: Surroundings): Message | undefined {
  const { nick, group, message, tags } = event;
  const isPerson = nick !== '' && event.hostname !== '';
  if (!isPerson || group !== undefined || isOld(event, around)) return undefined;
  if (around.isSame(nick, around.ownNick)) return undefined;
  const channel = placeOf(event, around);
  if (channel === undefined) return undefined;
  return {
    kind: 'message',
    ref: { channel, id: tags.msgid ?? around.newId() },
    sender: senderOf(event, around.vouches),
    text: undecorated(message),
  };
}

type Message = Extract<Incoming, { kind: 'message' }>;

/** A private message is answered in private. */
function placeOf({ nick, target }: PrivmsgEvent, around: Surroundings): string | undefined {
  if (around.isSame(target, around.ownNick)) return nick;
  return around.channels.find((channel) => around.isSame(channel, target));
}

function isOld({ batch, time }: PrivmsgEvent, { now, toOurClock }: Surroundings): boolean {
  if (batch !== undefined && PLAYBACKS.has(batch.type)) return true;
  return time !== undefined && toOurClock(time) < now - LATEST_MS;
}

/**
 * Only the account on the message itself says who sent it. Whatever else is known of a nick may be about somebody who had it a
 * moment ago, and a message that a bridge sends under another name is of nobody.
 */
function senderOf({ nick, tags }: PrivmsgEvent, vouches: boolean): Sender {
  const { account } = tags;
  const isRelayed = Object.keys(tags).some((tag) => tag.endsWith('relaymsg'));
  if (!vouches) return { id: undefined, shown: nick, unknown: SILENT_SERVER };
  if (!account || account === '*' || isRelayed) {
    return { id: undefined, shown: nick, unknown: NOT_LOGGED_IN };
  }
  return { id: account, shown: nick };
}

const SILENT_SERVER = {
  because: 'this server does not say who sends a message (it lacks account-tag)',
  next: 'Use another network: here nobody can be told from anybody else.',
};

const NOT_LOGGED_IN = {
  because: 'your message carries no account of services, and a nick proves nothing',
  next: 'Log in with /msg NickServ IDENTIFY account password (better: SASL in your client), then say it again.',
};
