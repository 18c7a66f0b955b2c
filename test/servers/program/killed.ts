import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** As `kill -9` does: settles once it is gone, at once where it is gone already. */
export async function killed(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
