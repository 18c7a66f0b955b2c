import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { withUs } from '../program/with-us.ts';

export interface BindServer {
  /** Reads another configuration, and is at work with it when this ends. */
  configure(zones: string): Promise<void>;
  /** What it has said so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface BindOptions {
  readonly folder: string;
  readonly port: number;
  /** Keys and zones. */
  readonly zones: string;
  /** What its log says besides, before it counts as started. */
  readonly until?: string;
}

/** A real BIND on loopback with a folder of its own. */
export async function bindServer({
  folder,
  port,
  zones,
  until = '',
}: BindOptions): Promise<BindServer> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'named.conf');
  const write = (text: string) => writeFileSync(config, options(folder, port) + text);
  write(zones);
  const child = spawn(...withUs('named', '-g', '-n', '1', '-c', config), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const times = (line: string) => said.split(line).length - 1;
  await Promise.race([
    eventually(
      () => / running$/m.test(said) && said.includes(until),
      PATIENCE_MS,
      () => said,
    ),
    once(child, 'error').then(([problem]) => Promise.reject(problem)),
    once(child, 'exit').then(() => Promise.reject(new Error(said))),
  ]);
  return {
    async configure(text) {
      const before = times('reloading zones succeeded');
      write(text);
      child.kill('SIGHUP');
      await eventually(
        () => times('reloading zones succeeded') > before,
        PATIENCE_MS,
        () => said,
      );
    },
    log: () => said,
    stop: () => killed(child),
  };
}

function options(folder: string, port: number): string {
  return `
options {
  directory "${folder}";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  pid-file none; session-keyfile "${folder}/session.key";
  recursion no; dnssec-validation no; notify-delay 0;
  allow-transfer { any; };
  min-refresh-time 1; min-retry-time 1;
};
controls { };
`;
}
