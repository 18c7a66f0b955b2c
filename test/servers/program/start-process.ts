import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromBot } from './chat-protocol.ts';
import { eventually, PATIENCE_MS } from './eventually.ts';
import { killed } from './killed.ts';

const SCRIPT = fileURLToPath(new URL('site-process.ts', import.meta.url));

/** A bot or a worker as a process of its own. */
export interface SiteProcess {
  readonly child: ChildProcess;
  isRunning(): boolean;
  /** Which of its connections its network has with a bot; undefined with one that stands by. */
  connection(): number | undefined;
  signal(signal: 'SIGTERM' | 'SIGSTOP' | 'SIGCONT' | 'SIGHUP'): void;
  /** As `kill -9` does; also one that was stopped. */
  kill(): Promise<void>;
  /** Its exit code, once it has ended by itself. */
  ended(withinMs?: number): Promise<number | null>;
}

export async function startProcess(
  role: 'bot' | 'worker',
  configPath: string,
  env: Readonly<Record<string, string>>,
  script = SCRIPT,
): Promise<SiteProcess> {
  const child = fork(script, [role, configPath], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  let connections = 0;
  let isConnected = false;
  child.on('message', ({ kind }: FromBot) => {
    if (kind === 'connected') connections += 1;
    if (kind === 'connected' || kind === 'gone') isConnected = kind === 'connected';
  });
  await isReady(child, role);
  return {
    child,
    isRunning,
    connection: () => (isConnected && isRunning() ? connections : undefined),
    signal: (signal) => void child.kill(signal),
    kill: () => killed(child),
    async ended(withinMs = PATIENCE_MS) {
      await eventually(
        () => !isRunning(),
        withinMs,
        () => `the ${role} ended`,
      );
      return child.exitCode;
    },
  };
}

async function isReady(child: ChildProcess, role: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.on('message', ({ kind }: FromBot) => kind === 'ready' && resolve());
    child.once('exit', (code) => reject(new Error(`the ${role} ended with ${code}`)));
  });
}
