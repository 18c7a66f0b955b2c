import type { Profiler } from 'node:inspector';

export interface SelfTime {
  /** The function and where it begins. */
  readonly where: string;
  readonly ms: number;
  /** Of the time that anything ran, 0 to 1. */
  readonly part: number;
}

/** What the engine itself does besides; waiting for something is no work. */
const WAITING = '(idle)';

/** The functions that the time was spent in, not counting what they called; the one with the most first. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): SelfTime[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, where(callFrame)]));
  const spent = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const name = names.get(id) ?? WAITING;
    if (name !== WAITING) spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[at] ?? 0) / 1_000);
  }
  const all = [...spent.values()].reduce((sum, ms) => sum + ms, 0);
  return [...spent]
    .map(([name, ms]) => ({ where: name, ms, part: ms / all }))
    .sort((a, b) => b.ms - a.ms);
}

function where({
  functionName,
  url,
  lineNumber,
}: Profiler.Profile['nodes'][0]['callFrame']): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url.replace(/^file:\/\//, '').replace(/^.*\/node_modules\//, '');
  return `${name} ${file.replace(`${process.cwd()}/`, '')}:${lineNumber + 1}`;
}
