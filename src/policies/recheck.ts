import type { HostName } from '../domain/ids.ts';
import type { WantedClaim } from './held.ts';
import { type InterlockFacts, withBack } from './interlock-facts.ts';
import { decideClaims, type Interlocked } from './interlocks.ts';
import { lockedBy } from './locks.ts';

export interface GoingOn {
  /** What it holds. */
  readonly claims: readonly WantedClaim[];
  /** Hosts that were out of service before it took them, so that they cost nothing. */
  readonly awayBefore: readonly HostName[];
}

/**
 * Whether what an operation holds would still be given to it, with everything that came since: a freeze, a lock by hand, a
 * quarantine, hosts that somebody else took out of service. The line is not asked: it had its turn.
 */
export function decideGoingOn({ claims, awayBefore }: GoingOn, facts: InterlockFacts): Interlocked {
  // It took these hosts out of service itself; what counts is whether it would get them now.
  const own = hostsOf(claims).filter((host) => !awayBefore.some((one) => one === host));
  const decided = decideClaims(claims, { ...withBack(new Set(own), facts), waiting: [] });
  const quarantined = quarantinedSince(claims, facts);
  if (quarantined.length === 0) return decided;
  if (decided.kind === 'blocked' || decided.kind === 'frozen') {
    return { ...decided, reasons: [...decided.reasons, ...quarantined] };
  }
  return { kind: 'blocked', reasons: quarantined, place: 1 };
}

/** Whoever named a host that was in quarantine already meant it. */
function quarantinedSince(
  claims: readonly WantedClaim[],
  { held, op, prefix }: InterlockFacts,
): readonly string[] {
  const since = Math.min(...held.filter((one) => one.op === op).map((one) => one.since));
  const keys = hostsOf(claims).map((host) => `quarantine/${host}`);
  return held
    .filter(({ claim }) => claim.kind === 'lock' && keys.includes(claim.key))
    .filter((one) => one.since > since)
    .map((one) => lockedBy(one, { prefix }));
}

function hostsOf(claims: readonly WantedClaim[]): readonly string[] {
  return claims.flatMap((claim) => {
    if (claim.kind === 'budget') return [claim.host];
    if (claim.kind === 'lock' && claim.key.startsWith('host/')) return [claim.key.slice(5)];
    return [];
  });
}
