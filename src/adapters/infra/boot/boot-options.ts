import * as z from 'zod';
import { InstallServerUrl } from '../install-server/install-urls.ts';

/** What every driver that boots an installer is told. */
export const bootOptions = {
  'install-server': InstallServerUrl,
  /** Where the boot partition is mounted on the hosts. */
  boot: z
    .string()
    .regex(/^(?:\/[A-Za-z0-9._-]+)+$/, 'expected a folder such as /boot')
    .default('/boot'),
  /** What a kernel and an initrd need there. */
  'boot-free-mb': z.int().min(1).default(256),
  restart: z.array(z.string().min(1)).min(1).default(['systemctl', 'reboot']),
};
