import * as z from 'zod';
import type { HostName } from '../../../domain/ids.ts';
import { hostOf } from '../../../domain/in-inventory.ts';
import type { Service } from '../../../domain/service.ts';
import type { CheckAim, CheckResult, ServiceCheck } from '../../../domain/service-check.ts';
import { CheckProgress, checkVerdict, countResult } from '../../../policies/check-threshold.ts';
import type { StepContext } from '../../model/runbook.ts';

type Context = StepContext<unknown>;

const Kept = z.record(z.string(), CheckProgress).catch({});

export type Checked =
  | { readonly kind: 'passed' }
  /** `at`: when one of them is to be asked again. */
  | { readonly kind: 'ask-again'; readonly at: number; readonly open: readonly string[] }
  /** What was expected and what came, a line for each that failed. */
  | { readonly kind: 'failed'; readonly failures: readonly string[] };

/** Aims at one member, whatever DNS says, under the service's public name. */
export function memberAim(context: Context, { dns }: Service, host: HostName): CheckAim {
  const { address } = hostOf(context.ports.inventory.current(), host);
  return { kind: 'member', host, address, name: dns.name };
}

/** Aims wherever the public name leads, which is `host` if all is well. */
export function publicAim({ dns }: Service, host: HostName): CheckAim {
  return { kind: 'public', host, name: dns.name };
}

/** Asks those that are due once, and counts. How far each got is kept outside the journal. */
export async function runChecks(
  context: Context,
  checks: readonly ServiceCheck[],
  aim: CheckAim,
): Promise<Checked> {
  const place = `checks ${context.step} ${context.attempt}`;
  const kept = Kept.parse((await context.bookmark(place)) ?? {});
  const open = checks
    .map((check) => atScale(context, check))
    .filter((check) => !isProved(check, kept[check.name]));
  const results = await Promise.all(open.map((check) => ask(context, check, aim, kept)));
  const progress = {
    ...kept,
    ...Object.fromEntries(results.map((one) => [one.name, one.progress])),
  };
  await context.putBookmark(place, progress);
  return sumUp(open, results);
}

/** From the beginning, as if nothing had been asked. */
export async function forgetChecks(context: Context): Promise<void> {
  await context.putBookmark(`checks ${context.step} ${context.attempt}`, {});
}

interface Asked {
  readonly name: string;
  readonly progress: CheckProgress;
  readonly result: CheckResult | undefined;
}

async function ask(
  context: Context,
  check: ServiceCheck,
  aim: CheckAim,
  kept: Readonly<Record<string, CheckProgress>>,
): Promise<Asked> {
  const { name } = check;
  const before = kept[name];
  if (before !== undefined && context.now() < before.askedAt + check.intervalMs) {
    return { name, progress: before, result: undefined };
  }
  const result = await context.ports.checks.probe(check, aim, context.signal);
  context.log(`${name} at ${aim.host}: ${inWords(result)}`);
  return { name, progress: countResult(before, result, context.now()), result };
}

/** Intervals and deadlines are nominal time; what is on record is the store's. */
function atScale({ now, later }: Context, check: ServiceCheck): ServiceCheck {
  const scaled = (ms: number) => later(ms) - now();
  return { ...check, intervalMs: scaled(check.intervalMs), deadlineMs: scaled(check.deadlineMs) };
}

function isProved({ successes }: ServiceCheck, progress: CheckProgress | undefined): boolean {
  return progress !== undefined && progress.row >= successes;
}

function sumUp(open: readonly ServiceCheck[], results: readonly Asked[]): Checked {
  const judged = open.map((check, place) => {
    const asked = results[place] as Asked;
    return { check, asked, verdict: checkVerdict(check, asked.progress) };
  });
  const failures = judged.flatMap(({ check, asked, verdict }) =>
    verdict.kind === 'failed' && asked.result !== undefined
      ? [`${check.name}: ${inWords(asked.result)}, ${verdict.because}`]
      : [],
  );
  if (failures.length > 0) return { kind: 'failed', failures };
  const again = judged.flatMap(({ check, verdict }) =>
    verdict.kind === 'ask-again' ? [{ name: check.name, at: verdict.at }] : [],
  );
  if (again.length === 0) return { kind: 'passed' };
  const at = Math.min(...again.map((one) => one.at));
  return { kind: 'ask-again', at, open: again.map((one) => one.name) };
}

function inWords(result: CheckResult): string {
  switch (result.kind) {
    case 'passed':
      return result.came;
    case 'failed':
      return `expected ${result.expected}, came ${result.came}`;
    case 'unknown':
      return `nobody knows: ${result.because}`;
    default:
      return result satisfies never;
  }
}
