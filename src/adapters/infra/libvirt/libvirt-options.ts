import * as z from 'zod';
import { InstallServerUrl } from '../install-server/install-urls.ts';

const folder = (example: string) =>
  z
    .string()
    .regex(
      /^(?!.*\/\.{1,2}(?:\/|$))(?:\/[A-Za-z0-9._-]+)+$/,
      `expected a folder such as ${example}`,
    );

export const LibvirtConfig = z.strictObject({
  uri: z
    .string()
    .regex(
      /^qemu:\/\/\/(?:system|session)(?:\?[A-Za-z0-9_=&%./-]+)?$/,
      'expected qemu:///system or qemu:///session, as the hypervisor itself knows it',
    )
    .default('qemu:///system'),
  /** Where a new guest reports to. */
  'install-server': InstallServerUrl,
  /** Golden images on each hypervisor. */
  images: folder('/var/lib/libvirt/golden').default('/var/lib/libvirt/golden'),
  /** Root disks on each hypervisor. */
  disks: folder('/var/lib/libvirt/images').default('/var/lib/libvirt/images'),
  /** What the driver remembers on each hypervisor. */
  state: folder('/var/lib/signalbox/guests').default('/var/lib/signalbox/guests'),
  /** Where libvirt keeps what TPMs remember. */
  tpm: folder('/var/lib/libvirt/swtpm').default('/var/lib/libvirt/swtpm'),
  'shutdown-seconds': z.int().min(0).max(600).default(120),
  /** The least that is free for root disks. */
  'free-mb': z.int().min(1).default(4096),
});
export type LibvirtConfig = z.infer<typeof LibvirtConfig>;
