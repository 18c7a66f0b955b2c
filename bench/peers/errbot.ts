import { join } from 'node:path';
import { type Dispatcher, startDispatcher } from './dispatcher.ts';
import { installed } from './installed.ts';

const VERSION = '6.2.1';

/** Errbot's test backend, which pytest comes with, and a plugin of one command. */
export async function errbot(): Promise<Dispatcher> {
  const folder = await installed(`errbot-${VERSION}`, (into) => [
    ['python3', '-m', 'venv', into],
    [join(into, 'bin', 'pip'), 'install', '--quiet', `errbot==${VERSION}`, 'pytest'],
  ]);
  return startDispatcher('Errbot', [
    join(folder, 'bin', 'python'),
    join(import.meta.dirname, 'errbot-dispatch.py'),
    join(import.meta.dirname, 'errbot-plugin'),
  ]);
}
