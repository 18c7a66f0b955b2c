import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { drawFor } from './draw.ts';
import { FAULT_NAMES, FAULTS, FOCUSES } from './faults.ts';
import { readJournals } from './journals.ts';
import { FAULTS_MS } from './limits.ts';
import { people } from './people.ts';
import { comeToRest, giveUpTheRest, heal } from './rest.ts';
import { type FaultSite, startFaultSite } from './site.ts';
import { leftArmed, violations } from './verdict.ts';

const CLOCK = 'a clock is stepped by an hour';
const HEARD_WITHIN_MS = 10_000;

export interface Played {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly faults: readonly string[];
  readonly operations: number;
  readonly tookMs: number;
  readonly history: readonly string[];
  /** Where everything is kept, when something was violated. */
  readonly folder?: string;
}

/** Plays one seed at a site of its own: operations and faults, then everything is healed and looked at. */
export async function play(seed: number): Promise<Played> {
  const begun = performance.now();
  const draw = drawFor(`faults ${seed}`);
  const faults = Array.from({ length: 3 + draw.below(4) }, () => draw.of(FAULT_NAMES));
  const site = await startFaultSite(faults.includes(CLOCK));
  const found: string[] = [];
  let operations = 0;
  try {
    await trouble(site, faults, draw.below(2 ** 31));
    found.push(...(await judge(site)));
    operations = (await readJournals(site)).refs.length;
  } catch (problem) {
    found.push(`the harness: ${problem instanceof Error ? problem.stack : problem}`);
  }
  if (found.length > 0) await keep(site, found);
  await site.close(found.length > 0);
  const tookMs = performance.now() - begun;
  const { lines: history } = site.history;
  const played = { seed, violations: found, faults, operations, tookMs, history };
  return found.length > 0 ? { ...played, folder: site.folder } : played;
}

/** Several things at once, each with draws of its own, so that their order does not change what they are. */
async function trouble(site: FaultSite, faults: readonly string[], base: number): Promise<void> {
  const draw = drawFor(`${base} people`);
  const focus = draw.of(FOCUSES);
  const persons = people(site, draw, focus);
  const under = faults.map((name, place) =>
    FAULTS[name]?.(site, drawFor(`${base} ${place}`), focus),
  );
  const count = 3 + draw.below(4);
  for (let nth = 0; nth < count; nth += 1) persons.ask();
  for (let nth = 0; nth < 4; nth += 1) {
    await delay(FAULTS_MS / 4);
    if (draw.percent(50)) persons.talk();
    if (draw.percent(30)) persons.ask();
  }
  await Promise.all(under);
  persons.fallSilent();
}

async function judge(site: FaultSite): Promise<readonly string[]> {
  heal(site);
  const restless = await comeToRest(site);
  if (restless.length > 0) return restless;
  const atRest = await untilHeard(site);
  if (atRest.length > 0) return atRest;
  const open = await giveUpTheRest(site);
  if (open.length > 0) return open;
  return [...(await untilHeard(site)), ...leftArmed(site)];
}

/** The channel hears things a little later than they are on record. */
async function untilHeard(site: FaultSite): Promise<readonly string[]> {
  const until = performance.now() + HEARD_WITHIN_MS;
  for (;;) {
    const found = await violations(site);
    if (found.length === 0 || performance.now() > until) return found;
    await delay(200);
  }
}

async function keep(site: FaultSite, found: readonly string[]): Promise<void> {
  const { folder, history } = site;
  const { told } = await readJournals(site).catch(() => ({ told: [] }));
  const lines = told.flatMap(({ op, entries }) =>
    entries.map(({ seq, at, by, event }) => `${op} ${seq} ${at} ${by} ${JSON.stringify(event)}`),
  );
  writeFileSync(join(folder, 'journals.txt'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'history.txt'), `${[...found, '', ...history.lines].join('\n')}\n`);
}
