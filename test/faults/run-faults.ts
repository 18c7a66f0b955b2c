import { parseArgs } from 'node:util';
import { LEFT_OUT } from './real/faults.ts';
import { LIMITS_IN_WORDS } from './real/limits.ts';
import { type Played, play } from './real/play.ts';

// `npm run faults -- --seeds 300 [--from 1] [--jobs 3] | --seed 42`
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '30' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '3' },
  },
});

const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const left = Array.from({ length: count }, (_, place) => first + place);
const all: Played[] = [];

console.log(`faults: ${LIMITS_IN_WORDS}`);
console.log(`left out until the store notices them: ${LEFT_OUT.join(', ')}`);
const begun = performance.now();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
const bad = all.filter(({ violations }) => violations.length > 0);
const mean = all.reduce((sum, { tookMs }) => sum + tookMs, 0) / all.length;
console.log(
  `${all.length} seeds in ${seconds(performance.now() - begun)}, ${seconds(mean)} each: ${bad.length} with violations`,
);
process.exitCode = bad.length > 0 ? 1 : 0;

async function work(): Promise<void> {
  for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
    const played = await play(seed);
    all.push(played);
    tell(played);
  }
}

function tell({ seed, violations, faults, operations, tookMs, history, folder }: Played): void {
  const what = `seed ${seed}: ${operations} operations, ${faults.length} faults, ${seconds(tookMs)}`;
  console.log(violations.length > 0 ? `${what}: VIOLATED` : what);
  for (const violation of violations) console.log(`  ${violation}`);
  if (folder !== undefined || values.seed !== undefined) console.log(history.join('\n'));
  if (folder === undefined) return;
  console.log(`  kept in ${folder}; again: npm run faults -- --seed ${seed}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
