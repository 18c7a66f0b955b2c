import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { inItsOwnProcess, type MeasureOptions } from './measure-process.ts';
import { MEASURES } from './measures.ts';
import { chart } from './report/chart.ts';
import { figureOf, type Measured } from './report/figure.ts';
import { missed } from './report/missed.ts';
import { table } from './report/table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
});

/** The results are kept only of a whole run of all measures. */
async function main(): Promise<void> {
  const { quick, profile } = values;
  const options = { effort: quick ? 'quick' : 'full', profile: profile !== undefined } as const;
  const wanted = profile === undefined ? positionals : [profile];
  const measured = await measureAll(namesOf(wanted), options);
  process.stdout.write(`${table(measured)}\n${[...machine(), ...missed(measured)].join('\n')}\n`);
  if (wanted.length === 0 && !quick) await keep(measured);
}

function namesOf(wanted: readonly string[]): readonly string[] {
  const names = Object.keys(MEASURES);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) throw new Error(`there is no measure ${unknown}, there are ${names.join(', ')}`);
  return wanted.length > 0 ? wanted : names;
}

async function measureAll(
  names: readonly string[],
  options: MeasureOptions,
): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const name of names) {
    process.stderr.write(`${name} …\n`);
    const some = await inItsOwnProcess(name, options);
    process.stderr.write(`${table(some)}\n`);
    measured.push(...some);
  }
  return measured;
}

function machine(): readonly string[] {
  const load = loadavg().map((one) => one.toFixed(1));
  return [`${availableParallelism()} processors, load ${load.join(', ')}, Node ${process.version}`];
}

async function keep(measured: readonly Measured[]): Promise<void> {
  const figures = measured.map(figureOf);
  await writeFile(
    new URL('results.json', import.meta.url),
    `${JSON.stringify(figures, undefined, 2)}\n`,
  );
  await writeFile(new URL('results.svg', import.meta.url), chart(figures));
}

await main();
