import * as z from 'zod';
import type { HostName } from '../../../domain/ids.ts';
import { guestRefused } from './libvirt-failure.ts';

/** One file as `qemu-img info --output=json` shows it. */
const DiskImage = z.object({
  filename: z.string(),
  format: z.string(),
  'virtual-size': z.int().min(0),
  'actual-size': z.int().min(0).default(0),
  'backing-filename': z.string().optional(),
  'format-specific': z
    .object({ data: z.object({ 'data-file': z.string().optional() }).optional() })
    .optional(),
});
export type DiskImage = z.infer<typeof DiskImage>;

/** From the top down. */
export const DiskChain = z.tuple([DiskImage], DiskImage);
export type DiskChain = z.infer<typeof DiskChain>;

/** A root disk that may be put aside: a file alone, or one over a golden image. What else is below it may be somebody's snapshot. */
export function refuseStrangeChain(
  guest: HostName,
  [top, ...below]: DiskChain,
  images: string,
): void {
  const strange = below.find(({ filename }) => !filename.startsWith(`${images}/`));
  if (strange !== undefined || below.length > 1) {
    throw strangeChain(guest, `${top.filename} is over ${(strange ?? below[1])?.filename}`, images);
  }
  if (hasDataFile(top)) {
    throw strangeChain(guest, `${top.filename} keeps its data in another file`, images);
  }
}

/** A golden image is whole by itself. */
export function refuseUnfitGolden(guest: HostName, golden: DiskImage): void {
  const because = whyUnfit(golden);
  if (because === undefined) return;
  throw guestRefused(guest, {
    code: 'hypervisor.image-unfit',
    because: `${golden.filename} is no golden image: ${because}`,
    next: 'Nothing was changed. Make it one qcow2 file with qemu-img convert.',
  });
}

function whyUnfit(golden: DiskImage): string | undefined {
  const { format, 'backing-filename': backing } = golden;
  if (format !== 'qcow2') return `it is ${format}`;
  if (backing !== undefined) return `it is over ${backing}`;
  return hasDataFile(golden) ? 'it keeps its data in another file' : undefined;
}

/** In bytes. A guest's disk does not become smaller than it was, nor than its image. */
export function overlaySize(golden: DiskImage, old: DiskImage | undefined): number {
  return Math.max(golden['virtual-size'], old?.['virtual-size'] ?? 0);
}

function hasDataFile(image: DiskImage): boolean {
  return image['format-specific']?.data?.['data-file'] !== undefined;
}

function strangeChain(guest: HostName, because: string, images: string) {
  return guestRefused(guest, {
    code: 'hypervisor.strange-chain',
    because,
    next: `Nothing was changed. Merge it with virsh blockcommit or blockpull until nothing is below the root disk but an image in ${images}.`,
  });
}
