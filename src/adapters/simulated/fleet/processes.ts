import type { CommandPlace, SimulatedCommand } from './commands.ts';
import type { LabProcess } from './lab-host.ts';

/** Starts a command. One that takes no time has its result at once; the others when the clock says so. */
export function startProcess(
  { world, host }: Pick<CommandPlace, 'world' | 'host'>,
  command: SimulatedCommand,
): LabProcess {
  const endsAt = world.settledAt + command.takesMs;
  const process: LabProcess = { endsAt, finish: () => command.run(), lost: false };
  if (command.takesMs > 0) host.processes.push(process);
  else process.result = process.finish();
  return process;
}
