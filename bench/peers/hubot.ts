import { join } from 'node:path';
import { type Dispatcher, startDispatcher } from './dispatcher.ts';
import { installed } from './installed.ts';

const VERSION = '14.1.0';

/** Hubot with an adapter that only hears, and a script of one command. */
export async function hubot(): Promise<Dispatcher> {
  const folder = await installed(`hubot-${VERSION}`, (into) => [
    [
      'npm',
      'install',
      '--prefix',
      into,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `hubot@${VERSION}`,
    ],
  ]);
  return startDispatcher('Hubot', [
    process.execPath,
    join(import.meta.dirname, 'hubot-dispatch.ts'),
    join(folder, 'node_modules', 'hubot', 'index.mjs'),
  ]);
}
