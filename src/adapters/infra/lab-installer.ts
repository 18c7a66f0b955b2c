import * as z from 'zod';
import { OpId } from '../../domain/ids.ts';
import { defineDriver } from '../driver.ts';
import { controlClient } from './lab/control-client.ts';
import { ControlConfig } from './lab/control-config.ts';

/** The boot entries of the lab's hosts. */
export default defineDriver({
  port: 'installer',
  product: 'lab',
  config: ControlConfig,
  connect(config) {
    const lab = controlClient(config, 'installer');
    return {
      port: {
        async check(host, image, signal) {
          await lab.read('check', [host, image], signal);
        },
        arm: (host, installation, signal) => lab.change('arm', [host, installation], signal),
        async armedFor(host, signal) {
          return z.optional(OpId).parse(await lab.read('armedFor', [host], signal));
        },
        disarm: (host, signal) => lab.change('disarm', [host], signal),
        fire: (host, signal) => lab.change('fire', [host], signal),
      },
      check: (signal) => lab.describe(signal),
      close: async () => {},
    };
  },
});
