import * as z from 'zod';

const Content = z.record(z.string(), z.unknown());

/** An event of a room, as far as any of ours is told by it. */
const RoomEvent = z.object({
  event_id: z.string().min(1),
  type: z.string(),
  sender: z.string(),
  origin_server_ts: z.number(),
  state_key: z.string().optional(),
  content: Content,
  redacts: z.string().optional(),
  unsigned: z
    .object({
      age: z.number().optional().catch(undefined),
      prev_content: Content.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
export type RoomEvent = z.infer<typeof RoomEvent>;

/** Those that have the form of an event; whoever writes anything else into a room is not heard. */
export function readEvents(events: readonly unknown[]): readonly RoomEvent[] {
  return events.flatMap((event) => RoomEvent.safeParse(event).data ?? []);
}

/** Whether it is the moment from which on we are in the room. */
export function isOwnJoin(event: RoomEvent, ownId: string): boolean {
  return (
    event.type === 'm.room.member' &&
    event.state_key === ownId &&
    event.content.membership === 'join' &&
    event.unsigned?.prev_content?.membership !== 'join'
  );
}
