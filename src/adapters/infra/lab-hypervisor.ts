import * as z from 'zod';
import type { Fence } from '../../jobs/ports/hypervisor.ts';
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
        undefine: (guest, fence, signal) => lab.change('undefine', [guest, fenceOf(fence)], signal),
        freshDisks: (guest, definition, installation, signal) =>
          lab.change('freshDisks', [guest, definition, installation], signal),
        define: (guest, definition, installation, signal) =>
          lab.change('define', [guest, definition, installation], signal),
        shutDown: (guest, fence, signal) => lab.change('shutDown', [guest, fenceOf(fence)], signal),
        start: (guest, fence, signal) => lab.change('start', [guest, fenceOf(fence)], signal),
        discardOld: (guest, fence, signal) =>
          lab.change('discardOld', [guest, fenceOf(fence)], signal),
      },
      check: (signal) => lab.describe(signal),
      close: async () => {},
    };
  },
});

/** An installation is one too, and has more in it than the lab takes there. */
function fenceOf({ op, epoch }: Fence): Fence {
  return { op, epoch };
}
