import { readdirSync, readFileSync, statSync } from 'node:fs';
import { until } from '../../until.ts';

/** Ends a user's processes that were given something in a folder: libvirt's daemons, emulators and TPMs. */
export async function endProcesses(folder: string, uid: number): Promise<void> {
  // What is being started meanwhile is found the next time.
  await until(() => {
    const found = processesOf(folder, uid);
    for (const pid of found) kill(pid);
    return found.length === 0;
  });
}

function processesOf(folder: string, uid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => ownerOf(pid) === uid && ['environ', 'cmdline'].some((file) => has(pid, file)));

  // A process that has ended, and that nobody has asked about yet, has neither.
  function has(pid: number, file: string): boolean {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(`${folder}/`);
    } catch {
      return false;
    }
  }
}

function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
