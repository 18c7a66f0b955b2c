import type { Incoming, Sender } from '../../../bot/chat-network.ts';
import { addressed } from '../../../bot/grammar/addressed.ts';
import { type Channels, isPrivate } from './channels.ts';
import { emojiOfName } from './emoji-names.ts';
import type { Brought, Own } from './payload.ts';
import { foreign, type Judged, type People } from './people.ts';
import type { ReactionIds } from './reaction-ids.ts';
import { readCall } from './read-text.ts';

export interface HearingOptions {
  readonly own: Own;
  /** What we are called by the bot itself. */
  readonly name: string;
  readonly prefix: () => string;
  readonly people: People;
  readonly channels: Channels;
  readonly reactions: ReactionIds;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A command that waited longer than this is asked for anew: who typed it went on without. */
const STALE_MS = 10 * 60_000;

const EDITED = {
  because: 'a message that was edited is no command: others may have read something else',
  next: 'Type it as a new message.',
};
const STALE = {
  because: 'that was typed while nobody listened, and is too old by now',
  next: 'Type it again if it shall still be done.',
};
const A_BOT = {
  because: 'apps and webhooks may do nothing here',
  next: '',
  quietly: true,
} as const;

/** When it was brought, by milliseconds since 1970; or why it is not taken, though Slack signed it once. */
export type Came = { readonly at: number } | { readonly refused: string };

/** What the bot has to hear of what was brought; undefined for what is said in a channel that is none of ours. */
export async function hear(
  brought: Brought,
  came: Came,
  options: HearingOptions,
): Promise<Incoming | undefined> {
  const { channels } = options;
  const channel = channels.nameOf(brought.channel);
  if (channel === undefined) return undefined;
  const sender = await senderOf(brought, came, options);
  const refused = refusedAs(brought, came, options.now());
  switch (brought.kind) {
    case 'message':
    case 'slash':
      return {
        kind: 'message',
        ref: { channel, id: brought.kind === 'slash' ? brought.id : brought.ref },
        sender,
        text: textOf(brought, options),
        ...refused,
      };
    case 'reaction':
      return {
        kind: 'reaction',
        ref: { channel, id: await reactionId(brought, came, options) },
        sender,
        on: { channel, id: brought.on },
        emoji: emojiOfName(brought.name),
        change: brought.change,
        ...refused,
      };
    case 'press':
      return {
        kind: 'reaction',
        ref: { channel, id: brought.ref },
        sender,
        on: { channel, id: brought.on },
        emoji: brought.emoji,
        change: 'added',
        pressed: true,
        ...refused,
      };
    default:
      return brought satisfies never;
  }
}

/** To take one back is a thing of its own, and ends what the reaction was called. What is not taken changes nothing. */
async function reactionId(
  { id, on, user = '', name, change }: Extract<Brought, { kind: 'reaction' }>,
  came: Came,
  { reactions }: HearingOptions,
): Promise<string> {
  const given = { on, user, name };
  if ('refused' in came) return `${on} ${id}`;
  if (change === 'added') return reactions.idOf(given);
  await reactions.takenBack(given);
  return `${on} ${id}`;
}

export type Typed = Extract<Brought, { kind: 'message' | 'slash' }>;

/** As it would be typed in a channel: in private everything is for us, and what stands behind a slash command is, too. */
export function textOf(
  typed: Typed,
  { own, name, prefix }: Pick<HearingOptions, 'own' | 'name' | 'prefix'>,
): string {
  const text = readCall(typed.text, own.user, name);
  if (typed.kind === 'message' && !isPrivate(typed.channel)) return text;
  if (addressed(text, { prefix: prefix(), names: [name] })) return text;
  return `${prefix()}${text.trim() || 'help'}`;
}

function refusedAs(brought: Brought, came: Came, now: number) {
  if ('refused' in came)
    return { refused: { because: came.refused, next: '', quietly: true } } as const;
  if (brought.kind === 'reaction' || brought.kind === 'press') return {};
  if (brought.kind === 'message' && brought.not === 'bot') return { refused: A_BOT };
  if (brought.kind === 'message' && brought.not === 'edited') return { refused: EDITED };
  return now - came.at > STALE_MS ? { refused: STALE } : {};
}

/** The account is the workspace and the user in it: `T01:U01`. */
async function senderOf(
  brought: Brought,
  came: Came,
  { people, own }: HearingOptions,
): Promise<Sender> {
  const { user, from } = brought;
  if (user === undefined) return { id: undefined, shown: 'an app' };
  const isTalk = brought.kind === 'message' || 'refused' in came;
  const judged = await people.who(user, isTalk ? 'cached' : 'fresh');
  if (from !== undefined && from !== own.team) return asSender(foreign(judged.shown), user, own);
  return {
    ...asSender(judged, user, own),
    anew: async () => asSender(await people.who(user, 'fresh'), user, own),
  };
}

export function asSender(judged: Judged, user: string, { team }: Pick<Own, 'team'>): Sender {
  const { shown } = judged;
  if (judged.kind === 'member') return { id: `${team}:${user}`, shown };
  const { because, next } = judged;
  return { id: undefined, shown, unknown: { because, next } };
}
