import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { controlClient } from './lab/control-client.ts';
import { ControlConfig } from './lab/control-config.ts';
import { Definition } from './lab/control-protocol.ts';

const State = z.enum(['absent', 'off', 'running']);

/** The hypervisors of the lab. */
export default defineDriver({
  port: 'hypervisor',
  product: 'lab',
  config: ControlConfig,
  connect(config) {
    const lab = controlClient(config, 'hypervisor');
    return {
      port: {
        async check(guest, image, signal) {
          await lab.read('check', [guest, image], signal);
        },
        async state(guest, signal) {
          return State.parse(await lab.read('state', [guest], signal));
        },
        async definition(guest, signal) {
          return Definition.parse(await lab.read('definition', [guest], signal));
        },
        async builtFor(guest, signal) {
          return z.optional(z.string()).parse(await lab.read('builtFor', [guest], signal));
        },
        undefine: (guest, signal) => lab.change('undefine', [guest], signal),
        freshDisks: (guest, installation, signal) =>
          lab.change('freshDisks', [guest, installation], signal),
        define: (guest, definition, signal) => lab.change('define', [guest, definition], signal),
        start: (guest, signal) => lab.change('start', [guest], signal),
        discardOld: (guest, signal) => lab.change('discardOld', [guest], signal),
      },
      check: (signal) => lab.describe(signal),
      close: async () => {},
    };
  },
});
