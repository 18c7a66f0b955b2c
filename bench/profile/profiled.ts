import { mkdtemp, writeFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfTimes } from './self-times.ts';

const SHOWN = 10;

/** Does it, keeps a CPU profile of this process, and says on stderr what took the most. What peers do elsewhere is not in it. */
export async function profiled<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  process.stderr.write(`${(await keep(name, profile)).join('\n')}\n`);
  return result;
}

async function keep(name: string, profile: Profiler.Profile): Promise<readonly string[]> {
  const path = join(await mkdtemp(join(tmpdir(), 'signalbox-profile-')), `${name}.cpuprofile`);
  await writeFile(path, JSON.stringify(profile));
  const lines = selfTimes(profile)
    .slice(0, SHOWN)
    .map(({ where, ms, part }) => `${shown(part * 100, 5)} %  ${shown(ms, 8)} ms  ${where}`);
  return [`${name}: where the time goes, by self time`, ...lines, `The whole profile: ${path}`];
}

function shown(value: number, width: number): string {
  return value.toFixed(1).padStart(width);
}
