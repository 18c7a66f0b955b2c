import * as z from 'zod';
import { normalEmoji } from './normal-emoji.ts';
import type { RoomEvent } from './room-event.ts';

const base = { id: z.string(), room: z.string(), sender: z.string(), sentAt: z.number() };

/** What somebody did in a room, as it is kept until it was dealt with. `sentAt` is by our clock, in milliseconds since 1970. */
export const Heard = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('message'),
    text: z.string(),
    /** It is the new text of an older message. */
    edited: z.boolean(),
    /** It could not be decrypted, so nobody knows whether it was a message at all. */
    unreadable: z.literal(true).optional(),
    /** The message it answers, or the root of the thread it stands in. */
    replyTo: z.string().optional(),
    thread: z.string().optional(),
  }),
  z.object({ ...base, kind: z.literal('reaction'), on: z.string(), emoji: z.string() }),
  z.object({ ...base, kind: z.literal('redaction'), redacts: z.string() }),
]);
export type Heard = z.infer<typeof Heard>;

const Relation = z.object({
  rel_type: z.string().optional(),
  event_id: z.string().optional(),
  key: z.string().optional(),
  'm.in_reply_to': z.object({ event_id: z.string() }).optional().catch(undefined),
});

const Text = z.object({ msgtype: z.literal('m.text'), body: z.string() });

interface Surroundings {
  readonly room: string;
  readonly ownId: string;
  /** By our clock, when the server answered. */
  readonly now: number;
}

/**
 * Undefined for what is nobody's word to us: our own events, notices (bots talk in them), what was taken back since, and whatever has
 * not the form that it should have.
 */
export function hearEvent(event: RoomEvent, around: Surroundings): Heard | undefined {
  if (event.sender === around.ownId || event.state_key !== undefined) return undefined;
  const base = baseOf(event, around);
  switch (event.type) {
    case 'm.room.message':
      return hearMessage(event, base);
    case 'm.reaction':
      return hearReaction(event, base);
    case 'm.room.redaction':
      return hearRedaction(event, base);
    default:
      return undefined;
  }
}

/** What somebody said that could not be decrypted; undefined for our own. */
export function hearUnreadable(event: RoomEvent, around: Surroundings): Heard | undefined {
  if (event.sender === around.ownId || event.state_key !== undefined) return undefined;
  const base = baseOf(event, around);
  return { ...base, kind: 'message', text: '', edited: false, unreadable: true };
}

function baseOf(event: RoomEvent, { room, now }: Surroundings): Base {
  const sentAt = now - (event.unsigned?.age ?? now - event.origin_server_ts);
  return { id: event.event_id, room, sender: event.sender, sentAt };
}

type Base = Pick<Heard, 'id' | 'room' | 'sender' | 'sentAt'>;

function relationIn({ content }: RoomEvent): z.infer<typeof Relation> {
  return Relation.safeParse(content['m.relates_to']).data ?? {};
}

function hearMessage(event: RoomEvent, base: Base): Heard | undefined {
  const relation = relationIn(event);
  const edited = relation.rel_type === 'm.replace';
  const said = Text.safeParse(edited ? event.content['m.new_content'] : event.content).data;
  if (said === undefined) return undefined;
  const replyTo = relation['m.in_reply_to']?.event_id;
  const thread = relation.rel_type === 'm.thread' ? relation.event_id : undefined;
  const text = replyTo === undefined ? said.body : withoutQuote(said.body);
  return {
    ...base,
    kind: 'message',
    text,
    edited,
    ...(replyTo !== undefined && { replyTo }),
    ...(thread !== undefined && { thread }),
  };
}

/** Older clients repeat what they answer, each line after `> `, and then an empty line. */
function withoutQuote(body: string): string {
  return body.startsWith('> ') ? body.replace(/^(?:> [^\n]*\n|>\n)+\n?/, '') : body;
}

function hearReaction(event: RoomEvent, base: Base): Heard | undefined {
  const { rel_type, event_id: on, key } = relationIn(event);
  if (rel_type !== 'm.annotation' || on === undefined || key === undefined) return undefined;
  return { ...base, kind: 'reaction', on, emoji: normalEmoji(key) };
}

/** Where it stands depends on the version of the room. */
function hearRedaction({ redacts, content }: RoomEvent, base: Base): Heard | undefined {
  const id = redacts ?? content.redacts;
  return typeof id === 'string' ? { ...base, kind: 'redaction', redacts: id } : undefined;
}
