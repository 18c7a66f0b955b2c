import { Failure } from '../../../domain/failure.ts';
import type { HostName, ServiceName } from '../../../domain/ids.ts';
import { serviceOf } from '../../../domain/in-inventory.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import type { Arguments } from '../../model/command-spec.ts';
import type { Claim } from '../../model/plan.ts';
import type { Runbook, RunbookCommand } from '../../model/runbook.ts';
import { drainBuilder } from '../common/drain-builder.ts';
import { awaitTtl } from './await-ttl.ts';
import { expire } from './expire.ts';
import { SwapFacts, SwapInput } from './facts.ts';
import { follow } from './follow.ts';
import { lowerTtl } from './lower-ttl.ts';
import { swapNotes } from './notes.ts';
import { observeSwap } from './observe.ts';
import { pointName } from './point-name.ts';
import { raiseTtl } from './raise-ttl.ts';
import { ready } from './ready.ts';
import { restartMember } from './restart-member.ts';
import { shutDownBuilder } from './shut-down-builder.ts';
import { standAside } from './stand-aside.ts';
import { startBuilder } from './start-builder.ts';
import { startUnits } from './start-units.ts';
import { swapSteps } from './steps-of.ts';
import { stopUnits } from './stop-units.ts';
import { testMember } from './test-member.ts';
import { updateMember } from './update-member.ts';
import { verify } from './verify.ts';

/** What swapping a service and the maintenance around a swap have in common. */
export function swapRunbook(
  by: 'swap' | 'maintain',
  command: Omit<RunbookCommand<SwapInput>, 'inWords'>,
): Runbook<SwapInput, SwapFacts> {
  return {
    name: by,
    version: 2,
    command: { ...command, inWords },
    input: SwapInput,
    facts: SwapFacts,
    looks: { atMostMs: 60_000 },
    observe: (input, read, signal) => observeSwap(input, read, signal),
    plan: (input, facts) => ({
      claims: claimsOf(input, facts),
      steps: swapSteps(input, facts, by),
      notes: swapNotes(facts),
    }),
    steps: {
      ready,
      lowerTtl,
      disable: standAside,
      drain: drainBuilder,
      shutDown: shutDownBuilder,
      update: updateMember,
      restart: restartMember,
      test: testMember,
      awaitTtl,
      stopUnits,
      startUnits,
      pointName,
      follow,
      verify,
      expire,
      start: startBuilder,
      raiseTtl,
    },
    needs: { 'of services': ['dns', 'checks', 'shell', 'witness'] },
    ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
  };
}

/** Both members and every builder on them; the service itself, so that two people never move it at once. */
function claimsOf(
  { service }: SwapInput,
  { from, to, leaving, coming }: SwapFacts,
): readonly Claim[] {
  const guests = [...leaving, ...coming];
  return [
    { kind: 'lock', key: `service/${service}` },
    ...[from.host, to.host, ...guests.map(({ host }) => host)].map(
      (host): Claim => ({ kind: 'lock', key: `host/${host}` }),
    ),
    ...leaving.flatMap(({ host, pool }): readonly Claim[] =>
      pool === null ? [] : [{ kind: 'budget', pool, host }],
    ),
  ];
}

/** `compute`, `compute to node2`, `compute back` */
function inWords({ service, to, anytime }: SwapInput): string {
  return [service, ...(anytime ? ['back'] : []), ...(to ? [`to ${to}`] : [])].join(' ');
}

export const SERVICE = {
  name: 'service',
  kind: 'service',
  required: true,
  expected: 'a service such as compute',
} as const;

export const TO = {
  name: 'to',
  kind: 'host',
  required: false,
  expected: 'the member that is to become active',
} as const;

export const ACTIVE = {
  name: 'active',
  kind: 'host',
  required: false,
  expected: 'the active member, where somebody moved the service past the bot',
} as const;

/** A member of the service for each option. A Failure where the service has nothing to be updated with, and has to. */
export function swapInput(
  typed: Arguments,
  inventory: Inventory,
  { update, anytime }: Pick<SwapInput, 'update' | 'anytime'>,
): SwapInput {
  const service = typed.service as ServiceName;
  const { to, active } = typed as { readonly to?: HostName; readonly active?: HostName };
  serviceOf(inventory, service);
  return { service, ...(to && { to }), ...(active && { active }), update, anytime };
}

export function refuseWithoutRecipe({ service }: SwapInput, inventory: Inventory): void {
  if (serviceOf(inventory, service).update !== undefined) return;
  throw new Failure({
    code: 'swap.no-recipe',
    problem: `${service} cannot be maintained`,
    because: 'the inventory does not say how its members are updated',
    effect: 'none',
    next: 'Describe it under update; swap moves the service without.',
  });
}
