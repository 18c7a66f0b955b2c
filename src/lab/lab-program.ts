import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../adapters/store/store.ts';
import { type Log, openProgram, type Program } from '../program/program.ts';
import { LAB_TIMING } from './lab-time.ts';

/** The very program that a site runs, over the lab's configuration and store, in the lab's time. */
export function openLabProgram(
  configPath: string,
  store: Store,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Program> {
  return openProgram({
    configPath,
    openStore: async () => store,
    env,
    log: fileLog(configPath),
    timing: LAB_TIMING,
  });
}

/** The terminal belongs to the channel; what goes wrong behind it is kept beside the configuration. */
function fileLog(configPath: string): Log {
  const file = join(configPath, '..', 'lab.log');
  return (level, message, about) => {
    const text = `${level} ${about ? `${about.op}: ` : ''}${message}`;
    appendFileSync(file, `${new Date().toISOString()} ${process.pid} ${text}\n`);
  };
}
