import { HostName } from '../../domain/ids.ts';
import type { EventOf } from '../model/event.ts';
import type { OperationState } from '../model/state.ts';
import { ownDemand } from './ask-approval.ts';
import type { Move } from './next-move.ts';

/** Why it did not work for a host; `null` where it did. */
export type Outcomes = ReadonlyMap<HostName, string | null>;

const HOST_LOCK = 'host/';

/** The hosts that an operation holds now: none before it starts, and none once it has ended. */
export function lockedHosts({ claims }: Pick<OperationState, 'claims'>): readonly HostName[] {
  return claims.flatMap((claim) => {
    if (claim.kind !== 'lock' || !claim.key.startsWith(HOST_LOCK)) return [];
    const host = HostName.safeParse(claim.key.slice(HOST_LOCK.length));
    return host.success ? [host.data] : [];
  });
}

/**
 * Whether the alerts about an operation's hosts have to be silenced before it makes a move: from its first step on until
 * its end, also while it waits. What only waits to start, or for the approval of its first step, silences nothing.
 * `move` is undefined where this worker cannot tell, as it has another version of the runbook.
 */
export function wantsDowntime(state: OperationState, move: Move | undefined): boolean {
  if (lockedHosts(state).length === 0 || move?.kind === 'end') return false;
  if (state.downtime.size > 0) return true;
  return move?.kind === 'probe' || (move?.kind === 'call' && !ownDemand(state, move));
}

/** What has to be said of an attempt: what works now and did not, or the other way round. A reason that merely changes is not news. */
export function downtimeNews(
  { downtime }: OperationState,
  outcomes: Outcomes,
): readonly EventOf<'downtime'>[] {
  const works = (host: HostName) => downtime.has(host) && !downtime.get(host)?.failed;
  const begun = [...outcomes].filter(([host, failed]) => failed === null && !works(host));
  const failed = [...outcomes].filter(([host, why]) => why !== null && !downtime.get(host)?.failed);
  return [...said('begun', begun), ...said('failed', failed)];
}

/** What has to be said of the end. Where it could not be taken back, it may stand, whatever is on record of it. */
export function downtimeEnd(
  { downtime }: OperationState,
  outcomes: Outcomes,
  until: number,
): readonly EventOf<'downtime'>[] {
  const known = [...outcomes].filter(([host]) => downtime.get(host)?.begun);
  const over = known.filter(([, failed]) => failed === null);
  const left = [...outcomes].filter(([, failed]) => failed !== null);
  return [...said('over', over), ...said('left', left).map((event) => ({ ...event, until }))];
}

/** One event for each reason. */
function said(
  state: EventOf<'downtime'>['state'],
  outcomes: readonly (readonly [HostName, string | null])[],
): readonly EventOf<'downtime'>[] {
  return [...Map.groupBy(outcomes, ([, because]) => because)].map(([because, about]) => ({
    kind: 'downtime',
    state,
    hosts: about.map(([host]) => host),
    ...(because !== null && { because }),
  }));
}
