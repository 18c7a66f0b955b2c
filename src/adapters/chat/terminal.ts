import * as z from 'zod';
import { TERMINAL } from '../../policies/assurance.ts';
import { defineNetwork } from '../network.ts';
import { socketIn } from './terminal/socket-in.ts';
import { terminalNetwork } from './terminal/terminal-network.ts';

/** `signalbox run`, from terminals and cron. It vouches for the Unix user, who may ask there and never approve. */
export default defineNetwork({
  name: TERMINAL.network,
  config: z.strictObject({
    socket: z.string().regex(/^\//, 'expected an absolute path').optional(),
  }),
  assurance: TERMINAL.assurance,
  connect({ socket }, environment) {
    const { dataDir, log } = environment;
    return terminalNetwork({
      socket: socket === undefined ? socketIn(dataDir) : socket,
      prefix: () => environment.prefix,
      log,
    });
  },
});
