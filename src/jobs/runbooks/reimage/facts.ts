import * as z from 'zod';
import { HostName, ImageId, PoolName, ZoneName } from '../../../domain/ids.ts';

export const ReimageInput = z.strictObject({ host: HostName, image: ImageId });
export type ReimageInput = z.infer<typeof ReimageInput>;

/** What the plan depends on. Another value of any of these is another plan, and needs another approval. */
export const ReimageFacts = z.strictObject({
  kind: z.enum(['metal', 'virtual']),
  zone: ZoneName,
  pool: PoolName.nullable(),
  environment: z.string(),
  hypervisor: HostName.nullable(),
  persistentDisks: z.array(z.string()),
  /** SHA-256 over the image's post-install configuration; secrets are named in it, not contained. */
  postInstall: z.string(),
  /** SHA-256 over how the image's installer is booted and told what to install; absent where it has none. */
  installer: z.string().exactOptional(),
  /** SHA-256 over how a guest of the image is made; absent where it is not made by an image's own disk. */
  guest: z.string().exactOptional(),
});
export type ReimageFacts = z.infer<typeof ReimageFacts>;
