import { Failure } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import { inLots } from '../../domain/in-lots.ts';
import { unlessAborted } from '../../domain/unless-aborted.ts';
import type { Outcomes } from './downtime-rules.ts';
import { readThrown } from './results.ts';
import type { Tenure } from './tenure.ts';

/** For all hosts together: a hook that hangs holds its operation up no longer than this. */
const PATIENCE_MS = 15_000;
const AT_ONCE = 8;
const TRIES = 2;

type Call = (host: HostName, signal: AbortSignal) => Promise<void>;

/** Calls the hook for each host, a second time where it failed. Throws only LeaseLost. */
export async function forEachHost(
  tenure: Tenure,
  hosts: readonly HostName[],
  call: Call,
): Promise<Outcomes> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tookTooLong()), PATIENCE_MS);
  const signal = AbortSignal.any([tenure.signal, late.signal]);
  const outcomes = new Map<HostName, string | null>();
  try {
    for (const some of inLots(hosts, AT_ONCE)) {
      const attempts = some.map(async (host) => {
        const failed = await attempt(tenure, () => unlessAborted(signal, () => call(host, signal)));
        outcomes.set(host, failed);
      });
      await Promise.all(attempts);
    }
    return outcomes;
  } finally {
    clearTimeout(timer);
  }
}

/** Why it did not work, or `null`. */
async function attempt(tenure: Tenure, call: () => Promise<void>): Promise<string | null> {
  const { engine, ref } = tenure;
  let failed: string | null = null;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      tenure.check();
      await call();
      return null;
    } catch (problem) {
      tenure.throwIfLost(problem);
      const { code, text } = readThrown(problem, engine.redactor);
      if (code === 'step.bug') engine.report(problem, ref);
      failed = text;
    }
  }
  return failed;
}

function tookTooLong(): Failure {
  return new Failure({
    code: 'downtime.too-slow',
    problem: 'the downtime hook was cut off',
    because: `it took longer than ${PATIENCE_MS / 1000} s`,
    effect: 'unknown',
    next: 'It is tried again; what it silenced is over by itself.',
  });
}
