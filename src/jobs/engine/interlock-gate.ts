import type { HostName, OpId, PoolName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { Directory } from '../../policies/directory.ts';
import type { Freeze } from '../../policies/freezes.ts';
import type { InterlockFacts } from '../../policies/interlock-facts.ts';
import type { Interlocked } from '../../policies/interlocks.ts';
import { decideGoingOn } from '../../policies/recheck.ts';
import type { ClaimsView, Journal } from '../journal/journal.ts';
import type { OperationState } from '../model/state.ts';
import type { ReadPorts } from '../ports/ports.ts';
import { aboutOperation } from './about-operation.ts';
import { decideExplained } from './decide-explained.ts';
import type { GateAnswer } from './gate.ts';
import { interlockFacts } from './interlock-facts.ts';

export interface InterlockGateOptions {
  readonly directory: Directory;
  readonly inventory: () => Inventory;
  readonly freezes: () => readonly Freeze[];
  readonly read: ReadPorts;
  readonly journal: Pick<Journal, 'read'>;
  readonly prefix: string;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
}

type View = Omit<ClaimsView, 'revision'>;

/** Whether an operation may take what its plan claims. With yes: which of its hosts are away already. */
export async function mayClaim(
  options: InterlockGateOptions,
  state: OperationState,
  view: View,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const { claims, zone } = state.request.plan;
  const facts = await factsOf(options, state, view, signal);
  const about = (op: OpId) => aboutOperation(options.journal, { op, zone });
  const decided = await decideExplained(claims, facts, about);
  if (decided.kind === 'grant') return { kind: 'yes', away: awayAlready(state, facts) };
  if (decided.kind !== 'blocked') return notNow(decided, facts);
  return { kind: 'not-yet', because: decided.reasons.join('; '), place: decided.place };
}

/** Whether it would still be given what it holds. */
export async function mayGoOn(
  options: InterlockGateOptions,
  state: OperationState,
  view: View,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const facts = await factsOf(options, state, view, signal);
  return notNow(decideGoingOn(state, facts), facts);
}

/** Of a freeze it is said that, and not what else would be in the way. */
function notNow(decided: Interlocked, { frozen }: InterlockFacts): GateAnswer {
  switch (decided.kind) {
    case 'grant':
      return { kind: 'yes' };
    case 'blocked':
      return { kind: 'not-yet', because: decided.reasons.join('; ') };
    case 'frozen': {
      const { reasons } = frozen.kind === 'frozen' ? frozen : decided;
      return { kind: 'not-yet', because: reasons.join('; ') };
    }
    case 'unknown':
      return { kind: 'unavailable', because: decided.because };
    default:
      return decided satisfies never;
  }
}

async function factsOf(
  { directory, inventory, freezes, read, prefix, now }: InterlockGateOptions,
  { op, request, requester }: OperationState,
  { held, waiting }: View,
  signal: AbortSignal,
): Promise<InterlockFacts> {
  const { plan } = request;
  const known = inventory();
  return interlockFacts({
    op,
    claims: plan.claims,
    held,
    waiting,
    inventory: known,
    away: (pool) => outOfService(known, pool, read, signal),
    freeze: {
      plan,
      configured: freezes(),
      groups: () => groupsOf(directory, requester),
      now: now(),
    },
    prefix,
  });
}

async function groupsOf(
  directory: Directory,
  requester: OperationState['requester'],
): Promise<readonly string[] | undefined> {
  const found = await directory.person(requester, 'fresh');
  if (found.kind === 'unavailable') return undefined;
  return found.kind === 'person' ? found.person.groups : [];
}

function awayAlready({ request }: OperationState, { pools }: InterlockFacts): readonly HostName[] {
  return request.plan.claims.flatMap((claim) => {
    if (claim.kind !== 'budget') return [];
    return pools.get(claim.pool)?.outOfService?.includes(claim.host) ? [claim.host] : [];
  });
}

async function outOfService(
  { pools }: Inventory,
  pool: PoolName,
  { farm }: ReadPorts,
  signal: AbortSignal,
): Promise<readonly HostName[] | undefined> {
  try {
    return await farm.outOfService(pools.get(pool)?.hosts ?? [], signal);
  } catch {
    return undefined;
  }
}
