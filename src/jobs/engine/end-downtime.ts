import type { JournalEvent } from '../model/event.ts';
import { DOWNTIME_MS, renewalsOf } from './downtime-renewals.ts';
import { downtimeEnd, lockedHosts } from './downtime-rules.ts';
import { forEachHost } from './for-each-host.ts';
import type { Tenure } from './tenure.ts';

/**
 * Takes back the downtime of an operation that is about to end, and gives what has to be said of it. A worker may have died
 * between beginning one and saying so: what nobody put on record is taken back as well.
 */
export async function endDowntime(tenure: Tenure): Promise<readonly JournalEvent[]> {
  const { engine, ref, state } = tenure;
  const { downtime } = engine;
  const hosts = [...new Set([...lockedHosts(state), ...state.downtime.keys()])];
  if (downtime === undefined || hosts.length === 0) return [];
  renewalsOf(downtime).forget(ref.op);
  const outcomes = await forEachHost(tenure, hosts, (host, signal) =>
    downtime.end(host, ref.op, signal),
  );
  return downtimeEnd(state, outcomes, engine.now() + DOWNTIME_MS);
}
