import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { PATIENCE_MS } from '../program/eventually.ts';
import { withUs } from '../program/with-us.ts';

export interface ServerProcess {
  stop(): Promise<void>;
}

export interface ServerProgram {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** On loopback; it is up once something listens there. */
  readonly port: number;
}

/** A program in the foreground that belongs to the test. Fails with the program's own words when it does not come up. */
export async function serverProcess({ argv, env, port }: ServerProgram): Promise<ServerProcess> {
  const [program = '', ...words] = argv;
  const child = spawn(...withUs(program, ...words), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (log += part));
  const failed = Promise.race([once(child, 'error'), once(child, 'exit')]).then(() => {
    throw new Error(`${program} did not start: ${log}`);
  });
  failed.catch(() => undefined);
  await Promise.race([listening(port), failed]);
  return { stop: () => end(child) };
}

async function listening(port: number): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** Apache's parent ends its children when it is asked to; nothing else would. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
