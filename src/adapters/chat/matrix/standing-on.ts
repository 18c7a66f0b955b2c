import * as z from 'zod';
import type { MessageRef, Sender, StandingReaction } from '../../../bot/chat-network.ts';
import { Failure } from '../../../domain/failure.ts';
import type { Encryption } from './encryption/encryption.ts';
import { hearEvent } from './heard.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { type RoomEvent, readEvents } from './room-event.ts';

const PAGE = 100;
/** Nobody reacts to a question so often; a server that goes round in circles is left. */
const MOST_PAGES = 100;

const Page = z.object({ chunk: z.array(z.unknown()), next_batch: z.string().optional() });

export interface StandingOptions {
  readonly server: Homeserver;
  readonly ownId: string;
  /** Where the message may stand. */
  readonly rooms: readonly string[];
  readonly senderOf: (userId: string) => Sender;
  readonly encryption: Encryption | Failure;
}

/** The reactions of people under a message, all pages of them, as the server has them now. */
export async function standingOn(
  message: MessageRef,
  { server, ownId, rooms, senderOf, encryption }: StandingOptions,
): Promise<readonly StandingReaction[]> {
  const standing: StandingReaction[] = [];
  for (const room of rooms) {
    for (const event of await reactionsIn(room, message.id, server)) {
      const opened = await readable(event, room, encryption);
      const heard = opened && hearEvent(opened, { room, ownId, now: Date.now() });
      if (heard?.kind !== 'reaction' || heard.on !== message.id) continue;
      const ref = { channel: message.channel, id: heard.id };
      standing.push({ ref, sender: senderOf(heard.sender), emoji: heard.emoji });
    }
  }
  return standing;
}

/** Most clients do not encrypt reactions; some do. */
async function readable(
  event: RoomEvent,
  room: string,
  encryption: Encryption | Failure,
): Promise<RoomEvent | undefined> {
  if (event.type !== 'm.room.encrypted') return event;
  return encryption instanceof Failure ? undefined : encryption.decrypt(room, event);
}

async function reactionsIn(
  room: string,
  message: string,
  server: Homeserver,
): Promise<readonly RoomEvent[]> {
  const events: RoomEvent[] = [];
  const path = `/_matrix/client/v1/rooms/${encodeURIComponent(room)}/relations/${encodeURIComponent(message)}/m.annotation`;
  let from: string | undefined;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const page: z.infer<typeof Page> = await server
      .call({
        method: 'GET',
        path,
        what: 'say who reacted to a message',
        query: { limit: PAGE, ...(from !== undefined && { from }) },
        answer: Page,
      })
      .catch(nothingThere);
    events.push(...readEvents(page.chunk));
    if (page.next_batch === undefined || page.next_batch === from) break;
    from = page.next_batch;
  }
  return events;
}

/** The message stands in another room. */
function nothingThere(problem: unknown): z.infer<typeof Page> {
  if (saidBy(problem)?.statusCode === 404) return { chunk: [] };
  throw problem;
}
