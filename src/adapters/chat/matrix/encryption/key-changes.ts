import * as z from 'zod';
import type { Homeserver } from '../homeserver.ts';

const Users = z.array(z.string()).default([]);

/** What a device is told about keys. */
const KeyChanges = z.object({
  next_batch: z.string().min(1),
  to_device: z.object({ events: z.array(z.unknown()).default([]) }).optional(),
  device_lists: z.object({ changed: Users, left: Users }).optional(),
  device_one_time_keys_count: z.record(z.string(), z.number()).default({}),
  device_unused_fallback_key_types: z.array(z.string()).default([]),
});
export type KeyChanges = z.infer<typeof KeyChanges>;

/** Of the rooms only who is there: who comes into one is somebody whose devices may have changed. */
const FILTER = JSON.stringify({
  presence: { types: [] },
  account_data: { types: [] },
  room: {
    ephemeral: { types: [] },
    account_data: { types: [] },
    state: { types: ['m.room.member'], lazy_load_members: false },
    timeline: { limit: 1, types: ['m.room.member'] },
  },
});

export function keyChanges(server: Homeserver, since: string | undefined): Promise<KeyChanges> {
  return server.call({
    method: 'GET',
    path: '/_matrix/client/v3/sync',
    what: 'say which keys are new',
    query: { filter: FILTER, timeout: 0, ...(since !== undefined && { since }) },
    answer: KeyChanges,
  });
}
