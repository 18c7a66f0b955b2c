import { parseArgs } from 'node:util';
import { drawnBy, playDrawn } from './real/drawn.ts';
import { CLOCK } from './real/faults.ts';
import { kindsInWords } from './real/kinds.ts';
import { LIMITS_IN_WORDS } from './real/limits.ts';
import { type Play, type Played, play } from './real/play.ts';
import { playWritten, WRITTEN } from './real/written.ts';

// `npm run faults -- --seeds 300 [--from 1] [--jobs 4] | --seed 42 | --needs epoch`, which is among those written down.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '30' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    needs: { type: 'string' },
    jobs: { type: 'string', default: '4' },
  },
});

const one = values.seed === undefined ? undefined : Number(values.seed);
const seeds = Array.from({ length: Number(values.seeds) }, (_, nth) => Number(values.from) + nth);
const left = chosen();
const all: Played[] = [];

// What it started dies with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
console.log(`faults: ${LIMITS_IN_WORDS}`);
const begun = performance.now();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
const bad = all.filter(({ violations }) => violations.length > 0);
const mean = all.reduce((sum, { tookMs }) => sum + tookMs, 0) / all.length;
const operations = all.reduce((sum, one) => sum + one.operations, 0);
console.log(
  `${all.length} histories with ${operations} operations in ${seconds(performance.now() - begun)}, ${seconds(mean)} each: ${bad.length} with violations`,
);
console.log('how often each kind of fault came to pass:');
for (const line of kindsInWords(all.flatMap(({ faults }) => faults))) console.log(`  ${line}`);
process.exitCode = bad.length > 0 ? 1 : 0;

function chosen(): Play[] {
  const { needs } = values;
  if (one !== undefined) return [drawn(one)];
  // They come with the first seed, so that a later piece does not play them again.
  const first = seeds[0] === 1 ? WRITTEN : [];
  if (needs === undefined) return [...first.map(written), ...seeds.map(drawn)];
  return WRITTEN.filter(({ guard }) => guard.includes(needs)).map(written);
}

function drawn(seed: number): Play {
  const by = drawnBy(seed);
  const name = `seed ${seed} (${by.faults.join(', ')})`;
  const ownClocks = by.faults.includes(CLOCK);
  return { name, ownClocks, trouble: (site) => playDrawn(site, by) };
}

function written(history: (typeof WRITTEN)[number]): Play {
  const name = `needs ${history.guard}`;
  return { name, ownClocks: false, trouble: (site) => playWritten(site, history) };
}

async function work(): Promise<void> {
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const played = await play(next);
    all.push(played);
    tell(played);
  }
}

function tell({ name, violations, operations, tookMs, history, folder }: Played): void {
  const what = `${name}: ${operations} operations, ${seconds(tookMs)}`;
  console.log(violations.length > 0 ? `${what}: VIOLATED` : what);
  for (const violation of violations) console.log(`  ${violation}`);
  if (folder !== undefined || one !== undefined || values.needs !== undefined)
    console.log(history.join('\n'));
  if (folder !== undefined) console.log(`  kept in ${folder}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
