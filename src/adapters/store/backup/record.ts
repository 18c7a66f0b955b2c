import * as z from 'zod';

const key = z.string();
/** Milliseconds since 1970; absent for what never expires. */
const expiresAt = z.number().optional();
const pairs = z.array(z.tuple([z.string(), z.string()]));

/** One key as a backup has it: by what it means and not as one version of Redis keeps it. */
export const BackupRecord = z.discriminatedUnion('type', [
  z.strictObject({ key, expiresAt, type: z.literal('string'), value: z.string() }),
  z.strictObject({ key, expiresAt, type: z.enum(['list', 'set']), value: z.array(z.string()) }),
  /** Fields with their values, members with their scores. */
  z.strictObject({ key, expiresAt, type: z.enum(['hash', 'zset']), value: pairs }),
  z.strictObject({
    key,
    expiresAt,
    type: z.literal('stream'),
    value: z.array(z.tuple([z.string(), z.array(z.string())])),
  }),
]);
export type BackupRecord = z.infer<typeof BackupRecord>;
