import { openStore } from '../adapters/store/open-store.ts';
import type { Store } from '../adapters/store/store.ts';
import { createLog } from './log.ts';
import { openProgram, type Program, type ProgramOptions } from './program.ts';

export interface ConfigOption {
  readonly config: string;
}

/** What a command at a terminal starts with. `beside`: also next to a process that runs the store. */
export function optionsFor(configPath: string, { beside }: { beside?: true } = {}): ProgramOptions {
  const log = createLog();
  return {
    configPath,
    env: process.env,
    log,
    openStore: ({ settings }): Promise<Store> =>
      openStore({
        dataDir: settings.store.data,
        env: process.env,
        log: (message) => log('warn', message),
        ...(beside && { beside }),
      }),
  };
}

/** Opens the program for one command that only looks, next to whatever runs, and closes it again. */
export async function withProgram(
  configPath: string,
  use: (program: Program) => Promise<void>,
): Promise<void> {
  const program = await openProgram({
    ...optionsFor(configPath, { beside: true }),
    purpose: 'look',
  });
  try {
    await use(program);
  } finally {
    await program.close();
  }
}
