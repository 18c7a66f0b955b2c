import { isIP } from 'node:net';
import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { authoritiesOf } from './probe/authorities.ts';
import { probeChecks } from './probe/probe-checks.ts';

const RESOLVER = 'expected the address of a name server such as 192.0.2.53 or 192.0.2.53:5353';

const ProbeConfig = z.strictObject({
  /** PEM; besides Node's own authorities. */
  'ca-file': z.string().min(1).optional(),
  /** Who is asked what a public name means; the system when absent, which may remember an old answer. */
  resolvers: z
    .array(z.string().refine(isServer, RESOLVER))
    .min(1, 'expected at least one name server')
    .optional(),
});

/** Asks services from the worker, and from other hosts over SSH. */
export default defineDriver({
  port: 'checks',
  product: 'probe',
  config: ProbeConfig,
  connect: ({ 'ca-file': caFile, resolvers }, { shell }) => ({
    port: probeChecks({ shell, caFile, resolvers, now: Date.now }),
    async check() {
      await authoritiesOf(caFile);
      const source = resolvers === undefined ? 'the system says' : `${resolvers.join(', ')} say`;
      return `from the worker, names as ${source}`;
    },
    close: async () => {},
  }),
});

function isServer(text: string): boolean {
  const [, bare = text] =
    /^\[(.+)\](?::\d{1,5})?$/.exec(text) ?? /^([0-9.]+):\d{1,5}$/.exec(text) ?? [];
  return isIP(bare) !== 0;
}
