import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Lab } from './lab.ts';

const SCRIPT = fileURLToPath(import.meta.url).replace('worker-process.', 'lab-worker.');

export interface WorkerProcess {
  /** Ends it as `kill -9` does. Another is started at once. */
  kill(): void;
  stop(): void;
}

/** Keeps one worker process running for as long as the lab does. */
export function superviseWorker({ configPath, store, environment }: Lab): WorkerProcess {
  let stopped = false;
  let child = start();

  function start(): ChildProcess {
    const started = fork(SCRIPT, [configPath, store.address], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.once('exit', () => {
      if (!stopped) child = start();
    });
    return started;
  }

  return {
    kill: () => void child.kill('SIGKILL'),
    stop() {
      stopped = true;
      child.kill('SIGTERM');
    },
  };
}
