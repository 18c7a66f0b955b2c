import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { kexecBoot } from './boot/kexec-boot.ts';
import { InstallServerUrl } from './install-server/install-urls.ts';

/** Metal whose running kernel starts the installer's, where GRUB could not take its entry back. */
export default defineDriver({
  port: 'installer',
  product: 'kexec',
  config: z.strictObject({
    'install-server': InstallServerUrl,
    /** A folder of ours in memory: it must be empty after a restart. */
    run: z
      .string()
      .regex(/^\/(?:run|dev\/shm)(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/, 'expected a folder in /run')
      .default('/run/signalbox'),
    /** What a kernel and an initrd need there. */
    'free-mb': z.int().min(1).default(256),
    restart: z.array(z.string().min(1)).min(1).default(['systemctl', 'kexec']),
  }),
  connect(config, { shell, inventory }) {
    const server = config['install-server'];
    const { run, restart } = config;
    return {
      port: kexecBoot({ shell, inventory, server, run, freeMb: config['free-mb'], restart }),
      check: async () => `kexec, files from ${server}`,
      close: async () => {},
    };
  },
});
