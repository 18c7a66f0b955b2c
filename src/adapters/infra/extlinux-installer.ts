import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { bootOptions } from './boot/boot-options.ts';
import { extlinuxBoot } from './boot/extlinux-boot.ts';

/** Boards that start by U-Boot and extlinux.conf. */
export default defineDriver({
  port: 'installer',
  product: 'extlinux',
  config: z.strictObject(bootOptions),
  connect(config, { shell, inventory }) {
    const server = config['install-server'];
    return {
      port: extlinuxBoot({
        shell,
        inventory,
        server,
        boot: config.boot,
        freeMb: config['boot-free-mb'],
        restart: config.restart,
      }),
      check: async () => `extlinux.conf in ${config.boot}, files from ${server}`,
      close: async () => {},
    };
  },
});
