import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { bootOptions } from './boot/boot-options.ts';
import { grubBoot } from './boot/grub-boot.ts';

/** Metal that starts by GRUB, installed by an entry that boots once. */
export default defineDriver({
  port: 'installer',
  product: 'grub',
  config: z.strictObject(bootOptions),
  connect(config, { shell, inventory }) {
    const server = config['install-server'];
    return {
      port: grubBoot({
        shell,
        inventory,
        server,
        boot: config.boot,
        freeMb: config['boot-free-mb'],
        restart: config.restart,
      }),
      check: async () => `one-time entries of GRUB in ${config.boot}, files from ${server}`,
      close: async () => {},
    };
  },
});
