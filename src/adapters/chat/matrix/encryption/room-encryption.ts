import * as z from 'zod';
import type { RoomEncryption } from './encryption.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;

const Content = z.object({
  algorithm: z.string().catch('unknown'),
  rotation_period_ms: z.int().positive().catch(WEEK_MS),
  rotation_period_msgs: z.int().positive().catch(100),
});

/** What m.room.encryption says; a room that has such an event is encrypted, whatever is in it. */
export function roomEncryptionIn(content: object): RoomEncryption {
  const { algorithm, rotation_period_ms, rotation_period_msgs } = Content.parse(content);
  return { algorithm, ms: rotation_period_ms, messages: rotation_period_msgs };
}
