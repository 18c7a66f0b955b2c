import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { defineDriver } from '../../../src/adapters/driver.ts';
import type { BuildFarm } from '../../../src/jobs/ports/build-farm.ts';
import { partly } from '../../partly.ts';

/** A build system takes its time. Meanwhile others decide on the same claims. */
const ANSWER_MS = 80;

/** A build system in which nobody has disabled anything. */
export const quietFarm = defineDriver({
  port: 'farm',
  product: 'quiet',
  config: z.strictObject({}),
  connect: () => ({
    port: partly<BuildFarm>({
      async outOfService() {
        await delay(ANSWER_MS);
        return [];
      },
    }),
    check: async () => 'nothing is disabled',
    close: async () => {},
  }),
});
