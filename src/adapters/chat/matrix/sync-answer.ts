import * as z from 'zod';

const Events = z.object({ events: z.array(z.unknown()).default([]) });

const JoinedRoom = z.object({
  state: Events.optional(),
  timeline: Events.extend({
    limited: z.boolean().default(false),
    prev_batch: z.string().optional(),
  }).optional(),
});
export type JoinedRoom = z.infer<typeof JoinedRoom>;

export const SyncAnswer = z.object({
  next_batch: z.string().min(1),
  rooms: z
    .object({
      join: z.record(z.string(), JoinedRoom).default({}),
      invite: z.record(z.string(), z.object({ invite_state: Events.optional() })).default({}),
    })
    .optional(),
});
export type SyncAnswer = z.infer<typeof SyncAnswer>;

/** Everything that is needed, and nothing else: who is typing and who is online is not. */
export const SYNC_FILTER = JSON.stringify({
  presence: { types: [] },
  account_data: { types: [] },
  room: {
    ephemeral: { types: [] },
    account_data: { types: [] },
    state: { types: ['m.room.encryption', 'm.room.tombstone'] },
    timeline: {
      limit: 100,
      types: [
        'm.room.message',
        'm.room.encrypted',
        'm.reaction',
        'm.room.redaction',
        'm.room.member',
        'm.room.encryption',
        'm.room.tombstone',
      ],
    },
  },
});
