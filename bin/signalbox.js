#!/usr/bin/env node
// Plain JavaScript on purpose: it runs on whatever Node there is and looks for one that is new enough.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const root = new URL('..', import.meta.url);
// A clone runs its sources; Node refuses .ts under node_modules, so what is published is dist.
const main = [new URL('src/main.ts', root), new URL('dist/main.js', root)]
  .map((url) => fileURLToPath(url))
  .find((path) => existsSync(path));

const node = findNode();
if (node === undefined || main === undefined) {
  const problem =
    main === undefined
      ? 'neither src/main.ts nor dist/main.js is there: run npm run build'
      : `Node ${process.versions.node} is too old and the npm package "node" was not installed: install Node ${NEEDED} or newer`;
  process.stderr.write(`signalbox: ${problem}\n`);
  process.exitCode = 1;
} else {
  const env = { ...keepingCompiled(), ...process.env };
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

// Half of what a short command takes is to compile it. Only where there is a cache already: not every home can be written to.
function keepingCompiled() {
  const { XDG_CACHE_HOME: cache = join(homedir(), '.cache') } = process.env;
  return existsSync(cache) ? { NODE_COMPILE_CACHE: join(cache, 'signalbox', 'compiled') } : {};
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED) return process.execPath;
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return undefined;
  }
}
