import * as z from 'zod';
import { PoolName, ZoneName } from '../../../domain/ids.ts';

/** What one task would change. */
const Change = z.strictObject({
  task: z.string(),
  files: z.array(z.string()),
  added: z.int(),
  removed: z.int(),
});
export type Change = z.infer<typeof Change>;

/** What a playbook would do to a host as it is. */
export const Preview = z.strictObject({
  /** The first of them, for people. */
  changes: z.array(Change),
  /** How many there are in all. */
  changed: z.int(),
  /** SHA-256 over all of them with their diffs: an approval counts for just these. */
  digest: z.string(),
  /** Tasks that cannot be previewed; the first of them by name. */
  unseen: z.int(),
  unseenTasks: z.array(z.string()),
  /** Something would restart, as far as can be seen. */
  restarts: z.boolean(),
});
export type Preview = z.infer<typeof Preview>;

/** What the plan depends on. Another value of any of these is another plan, and needs another approval. */
export const ConfigureFacts = z.strictObject({
  zone: ZoneName,
  pool: PoolName.nullable(),
  environment: z.string(),
  /** SHA-256 over the image's post-install configuration; secrets are named in it, not contained. */
  postInstall: z.string(),
  playbook: z.strictObject({ file: z.string(), commit: z.string() }),
  files: z.array(z.string()),
  commands: z.array(z.string()),
  preview: Preview,
});
export type ConfigureFacts = z.infer<typeof ConfigureFacts>;
