import { dirname } from 'node:path';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { openProgram, type Program } from '../../../src/program/program.ts';
import { faultDefinitions } from '../../faults/real/fault-definitions.ts';

/** The program over a site of the fault harness, in real time but for what steps wait. */
export async function openToyProgram(
  configPath: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Program> {
  return openProgram({
    configPath,
    openStore: () => openStore({ env }),
    env,
    log: (level, message) => {
      if (level !== 'info') process.stderr.write(`${message}\n`);
    },
    timing: { leaseMs: 15_000, timeScale: 60 },
    definitions: await faultDefinitions(dirname(configPath)),
  });
}
