import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openStore } from '../../src/adapters/store/open-store.ts';
import { type OpId, type StepId, ZoneName } from '../../src/domain/ids.ts';
import { startZoneWorker } from '../../src/program/start-worker.ts';
import { openSiteIn } from './open-site.ts';
import { passRunbook } from './pass-runbook.ts';
import { until } from './until.ts';

/** What a step does in it: ends at once, or never. */
type Manner = 'passes' | 'holds';

export interface WorkerProcess {
  /** When the first step of each operation was called there, by this process's clock. */
  readonly begun: ReadonlyMap<string, number>;
  /** As `kill -9` does. */
  kill(): Promise<void>;
}

const FIRST = 'pass-1' as StepId;

/** A worker of the site as a process of its own, on the store at this address. Ends when it works. */
export async function startWorkerProcess(
  folder: string,
  address: string,
  manner: Manner,
): Promise<WorkerProcess> {
  const child = fork(import.meta.filename, [folder, address, manner], { execArgv: [] });
  const begun = new Map<string, number>();
  let isReady = false;
  child.on('message', (said) => {
    if (said === 'ready') isReady = true;
    else begun.set(String(said), performance.now());
  });
  await until(() => isReady || !isRunning(child));
  if (!isRunning(child)) throw new Error(`the worker ended with ${child.exitCode}`);
  return {
    begun,
    async kill() {
      if (!isRunning(child)) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function workHere(folder: string, address: string, manner: string): Promise<void> {
  process.once('disconnect', () => process.exit(0));
  const onStep = (op: OpId, step: StepId) => {
    if (step === FIRST) process.send?.(op);
    return manner === 'holds' ? new Promise<void>(() => {}) : undefined;
  };
  const store = await openStore({ env: { REDIS_URL: address } });
  const program = await openSiteIn(folder, { store, runbook: passRunbook(onStep) });
  startZoneWorker(program, ZoneName.parse('staging'));
  process.send?.('ready');
}

if (import.meta.main) {
  const [folder = '', address = '', manner = ''] = process.argv.slice(2);
  await workHere(folder, address, manner);
}
