import * as z from 'zod';
import { messageId } from './message-id.ts';

/** What Slack brought, as far as it concerns us. `id` is the same however often it is brought. */
export type Brought =
  | (Base & {
      readonly kind: 'message';
      readonly ref: string;
      readonly thread: string | undefined;
      readonly text: string;
      /** Why it is no command. */
      readonly not?: 'edited' | 'bot';
    })
  | (Base & { readonly kind: 'slash'; readonly trigger: string; readonly text: string })
  | (Base & {
      readonly kind: 'reaction';
      readonly on: string;
      readonly name: string;
      readonly change: 'added' | 'removed';
    })
  | (Base & {
      readonly kind: 'press';
      readonly ref: string;
      readonly on: string;
      readonly emoji: string;
    });

interface Base {
  readonly id: string;
  readonly channel: string;
  /** Undefined where no person did it. */
  readonly user: string | undefined;
  /** The workspace that the author belongs to, where Slack says it here already. */
  readonly from: string | undefined;
}

/** The workspace, and what we are called there. */
export interface Own {
  readonly team: string;
  readonly user: string;
  readonly bot: string | undefined;
}

const Said = z.object({
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  team: z.string().optional(),
  user_team: z.string().optional(),
  edited: z.object({ ts: z.string() }).optional(),
});
const MessageEvent = Said.extend({
  type: z.literal('message'),
  subtype: z.string().optional(),
  channel: z.string(),
});
const ChangeEvent = z.object({
  type: z.literal('message'),
  subtype: z.literal('message_changed'),
  channel: z.string(),
  message: Said,
  previous_message: z.object({ text: z.string().optional() }).optional(),
});
const ReactionEvent = z.object({
  type: z.enum(['reaction_added', 'reaction_removed']),
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
  item_user: z.string().optional(),
});
const Callback = z.object({
  type: z.literal('event_callback'),
  team_id: z.string(),
  event_id: z.string().min(1),
  event: z.union([ChangeEvent, MessageEvent, ReactionEvent]),
});
const Press = z.object({
  type: z.literal('block_actions'),
  trigger_id: z.string().min(1),
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), user: z.string().optional() }),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string() }))
    .length(1),
});
const Slash = z.object({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  trigger_id: z.string().min(1),
  team_id: z.string(),
  channel_id: z.string(),
  user_id: z.string(),
});

/** A message by a person; the others tell of joins, topics and the like. */
const SPOKEN = new Set([undefined, 'thread_broadcast', 'file_share']);

/** What the buttons under our questions are called. */
export const ACTION = 'signalbox-answer';

/**
 * Undefined for what is not for us: another workspace's, our own, what is no message of a person or bot, and what nobody
 * understands. Payloads: https://docs.slack.dev/apis/events-api, https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 * and https://docs.slack.dev/interactivity/implementing-slash-commands.
 */
export function readPayload(body: unknown, own: Own): Brought | undefined {
  const callback = Callback.safeParse(body);
  if (callback.success)
    return ofTeam(callback.data.team_id, own, () => eventOf(callback.data, own));
  const press = Press.safeParse(body);
  if (press.success) return ofTeam(press.data.team.id, own, () => pressOf(press.data, own));
  const slash = Slash.safeParse(body);
  if (slash.success) return ofTeam(slash.data.team_id, own, () => slashOf(slash.data));
  return undefined;
}

function ofTeam(team: string, own: Own, read: () => Brought | undefined): Brought | undefined {
  return team === own.team ? read() : undefined;
}

function eventOf({ event, event_id }: z.infer<typeof Callback>, own: Own): Brought | undefined {
  const id = `event ${event_id}`;
  if (event.type !== 'message') return reactionOf(id, event, own);
  if ('message' in event) return changeOf(id, event, own);
  const { subtype, channel, ts, thread_ts: thread } = event;
  const isBot = event.bot_id !== undefined || subtype === 'bot_message';
  if (isOwn(event, own) || (!isBot && !SPOKEN.has(subtype))) return undefined;
  const base = { id, channel, thread, ref: messageId({ channel, ts }), text: event.text ?? '' };
  if (isBot) return { ...base, kind: 'message', user: undefined, from: undefined, not: 'bot' };
  return { ...base, kind: 'message', user: event.user, from: event.user_team ?? event.team };
}

/** Slack also sends it when it adds a preview; only another text is an edit. */
function changeOf(id: string, event: z.infer<typeof ChangeEvent>, own: Own): Brought | undefined {
  const { channel, message, previous_message: before } = event;
  const text = message.text ?? '';
  if (isOwn(message, own) || message.bot_id !== undefined || text === before?.text)
    return undefined;
  const { ts, thread_ts: thread, user, user_team, team, edited } = message;
  const ref = `${messageId({ channel, ts })} edited ${edited?.ts ?? id}`;
  return {
    id,
    kind: 'message',
    channel,
    thread,
    ref,
    text,
    user,
    from: user_team ?? team,
    not: 'edited',
  };
}

function reactionOf(
  id: string,
  event: z.infer<typeof ReactionEvent>,
  own: Own,
): Brought | undefined {
  const { user, reaction: name, item, item_user: author } = event;
  if (user === own.user || author !== own.user) return undefined;
  const on = messageId(item);
  const change = event.type === 'reaction_added' ? 'added' : 'removed';
  return {
    id,
    kind: 'reaction',
    channel: item.channel,
    user,
    from: undefined,
    on,
    name,
    change,
  };
}

function pressOf(press: z.infer<typeof Press>, own: Own): Brought | undefined {
  const [action] = press.actions;
  const { channel, message, user } = press;
  const isOurs = action?.action_id.startsWith(ACTION) && (message.user ?? own.user) === own.user;
  if (action === undefined || !isOurs) return undefined;
  const on = messageId({ channel: channel.id, ts: message.ts });
  const id = `press ${press.trigger_id} ${action.action_ts}`;
  return {
    id,
    kind: 'press',
    channel: channel.id,
    ref: `${on} ${id}`,
    user: user.id,
    from: user.team_id,
    on,
    emoji: action.value,
  };
}

function slashOf(slash: z.infer<typeof Slash>): Brought {
  const { trigger_id: trigger, channel_id: channel, user_id: user, text } = slash;
  return { id: `slash ${trigger}`, kind: 'slash', channel, user, from: undefined, trigger, text };
}

function isOwn({ user, bot_id }: z.infer<typeof Said>, own: Own): boolean {
  return user === own.user || (bot_id !== undefined && bot_id === own.bot);
}
