import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Another bot that dispatches commands in a process of its own, when it is told to. */
export interface Dispatcher {
  readonly name: string;
  mostPerSecond(forMs: number): Promise<number>;
  close(): Promise<void>;
}

/** `command` reads milliseconds from stdin, a line each, and answers each with commands per second. */
export function startDispatcher(name: string, command: readonly string[]): Dispatcher {
  const [program = '', ...words] = command;
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, HUBOT_LOG_LEVEL: 'error', PYTHONDONTWRITEBYTECODE: '1' },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit');
  return {
    name,
    async mostPerSecond(forMs) {
      child.stdin.write(`${forMs}\n`);
      const { value } = await answers.next();
      const rate = Number(value);
      if (!(rate > 0)) throw new Error(`${name} answered ${value}`);
      return rate;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
