import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, globSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withUs } from '../../servers/program/with-us.ts';
import { type CuttableLine, cuttableLine } from './cuttable-line.ts';
import type { History } from './history.ts';

const SCRIPT = fileURLToPath(new URL('fault-process.ts', import.meta.url));
const STOP_WITHIN_MS = 8_000;

/** A bot or a worker of the site. It is started again whenever it dies, until the site closes, as an init system does. */
export interface Member {
  readonly name: string;
  readonly role: string;
  readonly line: CuttableLine;
  /** Settles when it is up for the first time. */
  start(): Promise<void>;
  isUp(): boolean;
  kill(): void;
  freeze(): void;
  thaw(): void;
  /** Stops it in order and starts it with another version of the runbook. */
  deploy(version: number): void;
  /** Its clock on the wall is off by so much from now on; only where it was started with a clock of its own. */
  stepClock(seconds: number): void;
  close(): Promise<void>;
}

export interface MemberOptions {
  readonly name: string;
  readonly role: string;
  readonly folder: string;
  readonly storePort: number;
  readonly ownClock: boolean;
  readonly history: History;
  readonly started?: (child: ChildProcess) => void;
}

export async function member(options: MemberOptions): Promise<Member> {
  const { name, role, folder, storePort, ownClock, history, started } = options;
  const line = await cuttableLine(storePort);
  const clock = join(folder, `clock-${name}`);
  if (ownClock) writeFileSync(clock, '+0\n');
  const log = openSync(join(folder, 'log'), 'a');
  let child: ChildProcess | undefined;
  let version = 1;
  let closing = false;
  let up = false;

  function environment(): NodeJS.ProcessEnv {
    const own = {
      REDIS_URL: `redis://127.0.0.1:${line.port}`,
      FAULTS_MEMBER: name,
      NODE_COMPILE_CACHE: join(folder, '..', 'signalbox-faults-cache'),
    };
    const clocked = {
      LD_PRELOAD: fakeTime(),
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    return { ...process.env, ...own, ...(ownClock && clocked) };
  }

  function begin(): Promise<void> {
    const args = [name, role, join(folder, 'signalbox.yaml'), String(version)];
    const [execPath, execArgv] = withUs(process.execPath);
    const next = fork(SCRIPT, args, {
      execPath,
      execArgv,
      env: environment(),
      stdio: ['ignore', 'ignore', log, 'ipc'],
    });
    child = next;
    next.on('error', () => {});
    next.once('exit', (code, signal) => {
      up = false;
      if (closing) return;
      history.note(`${name} ended with ${signal ?? code}`);
      void begin();
    });
    started?.(next);
    return new Promise((resolve) => {
      next.once('message', () => {
        up = true;
        history.note(`${name} is up`);
        resolve();
      });
    });
  }

  return {
    name,
    role,
    line,
    start: begin,
    isUp: () => up,
    kill: () => void child?.kill('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    deploy(next) {
      version = next;
      const stopped = child;
      stopped?.kill('SIGTERM');
      setTimeout(() => stopped?.kill('SIGKILL'), STOP_WITHIN_MS).unref();
    },
    stepClock: (seconds) => writeFileSync(clock, `${seconds < 0 ? '' : '+'}${seconds}\n`),
    async close() {
      closing = true;
      const running = child;
      if (running !== undefined && running.exitCode === null && running.signalCode === null) {
        const ended = once(running, 'exit');
        running.kill('SIGKILL');
        await ended;
      }
      await line.close();
      closeSync(log);
    },
  };
}

/** Where Debian's libfaketime has it, on every architecture. */
function fakeTime(): string {
  const [found] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
  if (found === undefined) throw new Error('libfaketime is missing: apt install libfaketime');
  return found;
}
