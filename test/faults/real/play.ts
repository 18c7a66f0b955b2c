import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJournals } from './journals.ts';
import { SETTLE_MS } from './limits.ts';
import { operationsIn } from './people.ts';
import { comeToRest, giveUpTheRest, heal } from './rest.ts';
import { type FaultSite, startFaultSite } from './site.ts';
import { auditViolations, leftArmed, violations } from './verdict.ts';

/** A bot that is started anew while others work tells what it missed one after the other. */
const HEARD_WITHIN_MS = 30_000;

export interface Play {
  readonly name: string;
  /** Workers have clocks of their own that can be stepped. */
  readonly ownClocks: boolean;
  trouble(site: FaultSite): Promise<void>;
}

export interface Played {
  readonly name: string;
  readonly violations: readonly string[];
  /** Of which the channel heard. */
  readonly operations: number;
  readonly tookMs: number;
  readonly history: readonly string[];
  /** The kinds of faults that came to pass. */
  readonly faults: readonly string[];
  /** Where everything is kept, when something was violated. */
  readonly folder?: string;
}

/** Plays it at a site of its own: operations and faults, then everything is healed and looked at. */
export async function play({ name, ownClocks, trouble }: Play): Promise<Played> {
  const begun = performance.now();
  const site = await startFaultSite(ownClocks);
  const found: string[] = [];
  let operations = 0;
  try {
    await trouble(site);
    found.push(...(await judge(site)));
    operations = operationsIn(site.chat.heard).size;
  } catch (problem) {
    found.push(`the harness: ${problem instanceof Error ? problem.stack : problem}`);
  }
  if (found.length > 0) await keep(site, found);
  await site.close(found.length > 0);
  const tookMs = performance.now() - begun;
  const { lines: history, faults } = site.history;
  const played = { name, violations: found, operations, tookMs, history, faults };
  return found.length > 0 ? { ...played, folder: site.folder } : played;
}

async function judge(site: FaultSite): Promise<readonly string[]> {
  heal(site);
  // Whoever thaws now may still send what it was about to.
  await delay(SETTLE_MS);
  const restless = await comeToRest(site);
  if (restless.length > 0) return restless;
  site.history.note('everything is at rest');
  const atRest = await untilHeard(site);
  if (atRest.length > 0) return atRest;
  const open = await giveUpTheRest(site);
  if (open.length > 0) return open;
  site.history.note('everything has ended');
  return [...(await untilHeard(site)), ...leftArmed(site), ...(await auditViolations(site))];
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
