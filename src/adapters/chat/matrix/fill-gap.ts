import * as z from 'zod';
import type { Homeserver } from './homeserver.ts';
import { type RoomEvent, readEvents } from './room-event.ts';

const PAGE = 100;
/** After so many of them the rest is given up: it would be older than any command that still counts. */
const MOST_PAGES = 20;

const Page = z.object({ chunk: z.array(z.unknown()), end: z.string().optional() });

export interface Gap {
  readonly room: string;
  /** Where the newest events begin that are known. */
  readonly before: string;
  /** Where we were. */
  readonly since: string;
}

export interface Filled {
  /** Oldest first. */
  readonly events: readonly RoomEvent[];
  readonly whole: boolean;
}

/** What a sync left out of a room, read page by page backwards. */
export async function fillGap({ room, before, since }: Gap, server: Homeserver): Promise<Filled> {
  const pages: (readonly RoomEvent[])[] = [];
  let from: string | undefined = before;
  for (let count = 0; count < MOST_PAGES && from !== undefined; count += 1) {
    const { chunk, end }: z.infer<typeof Page> = await server.call({
      method: 'GET',
      path: `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/messages`,
      what: 'read what was said in a room',
      query: { dir: 'b', from, to: since, limit: PAGE },
      answer: Page,
    });
    pages.unshift(readEvents(chunk).toReversed());
    from = end === from ? undefined : end;
  }
  return { events: pages.flat(), whole: from === undefined };
}
