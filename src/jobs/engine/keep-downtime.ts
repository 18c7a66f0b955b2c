import type { Downtime } from '../ports/downtime.ts';
import { DOWNTIME_MS, RENEW_EVERY_MS, renewalsOf } from './downtime-renewals.ts';
import { downtimeNews, lockedHosts, wantsDowntime } from './downtime-rules.ts';
import { forEachHost } from './for-each-host.ts';
import type { Move } from './next-move.ts';
import type { Tenure } from './tenure.ts';

/**
 * Begins or renews the downtime of an operation's hosts where that is due before its next move. True when something
 * changed and is on record now, so that the next move has to be decided anew. What fails is said and keeps nothing from
 * going on: alerts are noise.
 */
export async function keepDowntime(tenure: Tenure, move: Move | undefined): Promise<boolean> {
  const { engine, ref } = tenure;
  const { downtime } = engine;
  if (downtime === undefined || !tenure.exists || !wantsDowntime(tenure.state, move)) return false;
  const renewals = renewalsOf(downtime);
  if (renewals.dueInMs(ref.op, engine.now()) === 0) await renew(tenure, downtime);
  const outcomes = renewals.takeNews(ref.op);
  const news = outcomes ? downtimeNews(tenure.state, outcomes) : [];
  if (news.length > 0) await tenure.record(...news);
  return news.length > 0;
}

/** Renews the downtime during a long call too. What comes of that goes on record after the call. */
export async function renewedMeanwhile<T>(tenure: Tenure, work: () => Promise<T>): Promise<T> {
  const { downtime } = tenure.engine;
  if (downtime === undefined || tenure.state.downtime.size === 0) return work();
  let renewal: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // A lost lease ends the work itself.
    renewal = renew(tenure, downtime).catch(() => undefined);
  }, RENEW_EVERY_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // Or it could come after the end.
    await renewal;
  }
}

/** When to look again: not after the downtime of an operation that goes on would have to be renewed. */
export function beforeRenewal({ engine, ref, state }: Tenure, dueInMs: number | null) {
  const { downtime, now } = engine;
  if (downtime === undefined || state.downtime.size === 0 || state.phase.kind === 'ended') {
    return dueInMs;
  }
  const renewalInMs = renewalsOf(downtime).dueInMs(ref.op, now());
  return Math.min(dueInMs ?? renewalInMs, renewalInMs);
}

async function renew(tenure: Tenure, downtime: Downtime): Promise<void> {
  const { engine, ref, state } = tenure;
  const at = engine.now();
  const { requester: by, request } = state;
  const notice = { op: ref.op, by, reason: request.command, until: at + DOWNTIME_MS };
  const outcomes = await forEachHost(tenure, lockedHosts(state), (host, signal) =>
    downtime.begin(host, notice, signal),
  );
  renewalsOf(downtime).made(ref.op, at, outcomes);
}
