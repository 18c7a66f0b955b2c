import { readdir, readFile } from 'node:fs/promises';

/** What marks every process of a run: the name of its folder, which no other run has. */
export const RUN_VARIABLE = 'SIGNALBOX_RUN';

/**
 * Ends whatever a run has left on this machine. A signal to its process group is not enough: SSH masters leave the
 * group, and Ansible's own workers do since ansible-core 2.19 (lib/ansible/executor/process/worker.py, `_detach`). What
 * they keep is the environment they were started with; an SSH master writes its title over it, which names its socket in
 * the folder. Where there is no /proc, the group has to do.
 */
export async function endRunProcesses(folder: string): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const left = await processesOf(folder);
    if (left.length === 0) return;
    for (const pid of left) end(pid);
  }
}

async function processesOf(folder: string): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const marked = await Promise.all(pids.map((pid) => isMarked(pid, folder)));
  return pids.filter((_, place) => marked[place]);
}

async function isMarked(pid: number, folder: string): Promise<boolean> {
  const [environment, title] = await Promise.all([read(pid, 'environ'), read(pid, 'cmdline')]);
  if (title.startsWith(`ssh: ${folder}/`)) return true;
  return environment.split('\0').includes(`${RUN_VARIABLE}=${folder}`);
}

/** Those of other people cannot be read, and those that have ended have nothing to read. */
function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
