import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PythonServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A program that prints its port and serves until its input ends, with Debian's own Python and its packages. */
export async function startPython(words: readonly string[]): Promise<PythonServer> {
  const child = spawn('/usr/bin/python3', words, { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => {
      throw new Error(`${words[0]} did not start: ${complaint}`);
    }),
  ]);
  return {
    port: Number(String(line).trim()),
    async stop() {
      child.stdin.end();
      child.kill('SIGKILL');
      await ended;
    },
  };
}
