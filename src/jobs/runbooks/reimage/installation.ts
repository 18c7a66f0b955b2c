import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import {
  HostName,
  type ImageId,
  ImageId as ImageIdSchema,
  type OpId,
} from '../../../domain/ids.ts';
import type { Installation } from '../../ports/installer.ts';

export const ReinstallTarget = z.strictObject({ host: HostName, image: ImageIdSchema });

/** What a reinstallation found and what will prove it; written down before anything is touched. */
export const Before = z.strictObject({
  bootId: z.string().nullable(),
  nonce: z.string(),
});
export type Before = z.infer<typeof Before>;

export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

export function installationOf(
  { op, epoch, with: { image } }: { op: OpId; epoch: number; with: { image: ImageId } },
  { nonce }: Before,
): Installation {
  return { op, image, nonce, epoch };
}
