import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { defineNetwork } from '../network.ts';
import { consoleNetwork } from './console/console-network.ts';

/** The terminal that the bot was started at. It vouches for the Unix user, whose terminal it is. */
export default defineNetwork({
  name: 'console',
  config: z.strictObject({}),
  assurance: { proves: 'machine', may: 'approve' },
  connect(_config, { name, channels, complete, dataDir }) {
    const user = userInfo().username;
    return consoleNetwork({
      input: process.stdin,
      output: process.stdout,
      channel: channels[0] ?? '#ops',
      name,
      speaker: () => ({ id: user, shown: user }),
      complete,
      historyFile: join(dataDir, `history-${user}`),
      environment: process.env,
      async local() {
        return ['/quit leaves the console; the bot goes on until it is stopped'];
      },
    });
  },
});
