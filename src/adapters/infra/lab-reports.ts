import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { controlClient } from './lab/control-client.ts';
import { ControlConfig } from './lab/control-config.ts';

const Report = z.strictObject({ nonce: z.string(), image: z.string(), hostKey: z.string() });

/** The install server of the lab. */
export default defineDriver({
  port: 'reports',
  product: 'lab',
  config: ControlConfig,
  connect(config) {
    const lab = controlClient(config, 'reports');
    return {
      port: {
        open: (host, installation, signal) => lab.change('open', [host, installation], signal),
        async reportOf(op, host, signal) {
          return z.optional(Report).parse(await lab.read('reportOf', [op, host], signal));
        },
        close: (op, host, signal) => lab.change('close', [op, host], signal),
      },
      check: (signal) => lab.describe(signal),
      close: async () => {},
    };
  },
});
