import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { MEASURES } from './measures.ts';
import { profiled } from './profile/profiled.ts';
import type { Measured } from './report/figure.ts';

export interface MeasureOptions {
  readonly effort: 'full' | 'quick';
  /** Prints where the time goes. */
  readonly profile: boolean;
}

/** Runs a measure in a process of its own, so that none meets the heap of another. */
export async function inItsOwnProcess(
  name: string,
  { effort, profile }: MeasureOptions,
): Promise<readonly Measured[]> {
  const before = load();
  const child = fork(import.meta.filename, [name], {
    // Code that is thrown away for its age would make memory seem to shrink.
    execArgv: [...process.execArgv, '--expose-gc', '--no-flush-bytecode'],
    env: { ...process.env, BENCH_EFFORT: effort, BENCH_PROFILE: profile ? 'yes' : '' },
  });
  const exited = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), exited]);
  const [code] = await exited;
  if (code !== 0 || !Array.isArray(answer)) throw new Error(`${name} ended with ${code}`);
  return answer.map((measured: Measured) => ({
    ...measured,
    measure: name,
    load: [before, load()],
  }));
}

function load(): number {
  const [lastMinute = 0] = loadavg();
  return Math.round(lastMinute * 100) / 100;
}

async function measureHere(name: string): Promise<void> {
  const measure = MEASURES[name];
  if (measure === undefined) throw new Error(`there is no measure ${name}`);
  // An exit, and not just an end by the signal, because what it started ends with it.
  for (const way of ['disconnect', 'SIGINT', 'SIGTERM'] as const) {
    process.once(way, () => process.exit(1));
  }
  const run = process.env.BENCH_PROFILE ? () => profiled(name, measure) : measure;
  process.send?.(await run(), () => process.exit(0));
}

if (import.meta.main) await measureHere(process.argv[2] ?? '');
