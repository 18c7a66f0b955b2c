import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import approvalToStart from './measure/approval-to-start.ts';
import commandToAcknowledgement from './measure/command-to-acknowledgement.ts';
import loadManyHosts from './measure/load-many-hosts.ts';
import parkedOperations from './measure/parked-operations.ts';
import statusOfManyHosts from './measure/status-of-many-hosts.ts';
import stepsPerSecond from './measure/steps-per-second.ts';
import { figureOf, type Measured } from './report/figure.ts';
import { table } from './report/table.ts';

const MEASURES: Readonly<Record<string, () => Promise<readonly Measured[]>>> = {
  'steps-per-second': stepsPerSecond,
  'approval-to-start': approvalToStart,
  'command-to-acknowledgement': commandToAcknowledgement,
  'status-of-many-hosts': statusOfManyHosts,
  'load-many-hosts': loadManyHosts,
  'parked-operations': parkedOperations,
};

/**
 * `node bench/run.ts [measure …]`: each measure in a process of its own, so that none meets the heap of another. The
 * results are kept only of a run of all of them.
 */
async function main(wanted: readonly string[]): Promise<void> {
  const names = Object.keys(MEASURES).filter((name) => !wanted.length || wanted.includes(name));
  const measured: Measured[] = [];
  for (const name of names) {
    process.stderr.write(`${name} …\n`);
    const some = await inItsOwnProcess(name);
    process.stderr.write(`${table(some)}\n`);
    measured.push(...some);
  }
  process.stdout.write(`${table(measured)}\n`);
  if (wanted.length > 0) return;
  const figures = JSON.stringify(measured.map(figureOf), undefined, 2);
  await writeFile(new URL('results.json', import.meta.url), `${figures}\n`);
}

async function inItsOwnProcess(name: string): Promise<readonly Measured[]> {
  const execArgv = [...process.execArgv, '--expose-gc'];
  const child = fork(import.meta.filename, [name], {
    execArgv,
    env: { ...process.env, MEASURE: name },
  });
  const exited = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), exited]);
  const [code] = await exited;
  if (code !== 0 || !Array.isArray(answer)) throw new Error(`${name} ended with ${code}`);
  return answer;
}

async function measure(name: string): Promise<void> {
  const run = MEASURES[name];
  if (run === undefined) throw new Error(`there is no measure ${name}`);
  // An exit, and not just an end by the signal, because the store's server ends with it.
  for (const way of ['disconnect', 'SIGINT', 'SIGTERM'] as const) {
    process.once(way, () => process.exit(1));
  }
  process.send?.(await run(), () => process.exit(0));
}

const { MEASURE } = process.env;
await (MEASURE === undefined ? main(process.argv.slice(2)) : measure(MEASURE));
