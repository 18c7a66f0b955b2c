import * as z from 'zod';
import type { HostName, OpId } from '../../../domain/ids.ts';
import type { Downtime, DowntimeNotice } from '../../../jobs/ports/downtime.ts';
import { type ApiCall, unreadable } from './api-call.ts';
import type { Cluster } from './cluster.ts';
import { apiMatcher, forHost, formatMatcher, type Matcher, namesHost } from './matcher.ts';

/** What we rely on of a silence. https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
const Silences = z.array(
  z.object({
    id: z.string(),
    createdBy: z.string(),
    startsAt: z.string(),
    status: z.object({ state: z.string() }),
  }),
);
type Silence = z.infer<typeof Silences>[number];

/** Alertmanager takes a start in the past as now. Ours is far back, or a clock that is behind would make it wait. */
const CLOCKS_DIFFER_MS = 60 * 60_000;

/**
 * Silences by their author, who names the operation: that is how another worker finds the one that stands. Nothing is
 * remembered here.
 */
export function alertmanagerSilences(cluster: Cluster, matchers: readonly Matcher[]): Downtime {
  const matchersOf = (host: HostName) => matchers.map((matcher) => forHost(matcher, host));

  async function standing(host: HostName, op: OpId, signal: AbortSignal) {
    const filter = matchersOf(host)[matchers.findIndex(namesHost)];
    const query = filter === undefined ? {} : { filter: formatMatcher(filter) };
    const call: ApiCall = { method: 'GET', path: 'silences', query };
    const found = Silences.safeParse(await cluster.call(call, host, signal));
    if (!found.success) throw unreadable(undefined, call, found.error);
    return found.data.filter(
      ({ createdBy, status }) => createdBy === author(op) && status.state !== 'expired',
    );
  }

  async function expire(silences: readonly Silence[], host: HostName, signal: AbortSignal) {
    for (const { id } of silences) {
      const path = `silence/${encodeURIComponent(id)}`;
      await cluster.call({ method: 'DELETE', path }, host, signal);
    }
  }

  return {
    async begin(host, notice, signal) {
      const [first, ...doubles] = await standing(host, notice.op, signal);
      const body = silenceOf(first, matchersOf(host), notice);
      await cluster.call({ method: 'POST', path: 'silences', body }, host, signal);
      await expire(doubles, host, signal);
    },
    async end(host, op, signal) {
      await expire(await standing(host, op, signal), host, signal);
    },
  };
}

function author(op: OpId): string {
  return `signalbox ${op}`;
}

/** A silence that is active keeps its start, or Alertmanager would end it and make another. */
function silenceOf(
  standing: Silence | undefined,
  matchers: readonly Matcher[],
  { op, by, reason, until }: DowntimeNotice,
) {
  return {
    ...(standing && { id: standing.id }),
    matchers: matchers.map(apiMatcher),
    startsAt: standing?.startsAt ?? new Date(until - CLOCKS_DIFFER_MS).toISOString(),
    endsAt: new Date(until).toISOString(),
    createdBy: author(op),
    comment: `${reason}, asked by ${by}`,
  };
}
