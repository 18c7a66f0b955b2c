import { Failure } from '../../domain/failure.ts';
import type { ZoneName } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import { digestOfPlan, type Plan, type PlanDraft } from '../model/plan.ts';
import type { Runbook, Show } from '../model/runbook.ts';
import type { ReadPorts } from '../ports/ports.ts';

/** The longest that observing takes where it does not go to the hosts. */
const PLANNING_MS = 20_000;

/** Observes and plans. Reads only; the same input and world give the same digest. */
export async function planOperation(
  runbook: Runbook,
  typed: unknown,
  read: ReadPorts,
  signal: AbortSignal,
  show: Show = () => undefined,
): Promise<Plan> {
  const input = runbook.input.parse(typed);
  const late = AbortSignal.timeout(runbook.looks?.atMostMs ?? PLANNING_MS);
  const inTime = AbortSignal.any([signal, late]);
  const facts = runbook.facts.parse(await runbook.observe(input, read, inTime, show));
  return sealPlan(runbook, input as Json, facts, runbook.plan(input, facts));
}

/** Completes a draft with what it was made from, and its digest. */
function sealPlan({ name, version }: Runbook, input: Json, facts: Json, draft: PlanDraft): Plan {
  refuseHoldingParent(draft);
  const plan: Plan = {
    ...draft,
    runbook: { name, version },
    input,
    facts,
    zone: onlyZone(draft),
    digest: '',
  };
  return { ...plan, digest: digestOfPlan(plan) };
}

/** A parent waits for its children; if it held something meanwhile, two families could wait for each other. */
function refuseHoldingParent({ claims, mayStart }: PlanDraft): void {
  if (mayStart === undefined || claims.length === 0) return;
  throw new Failure({
    code: 'plan.holding-parent',
    problem: `a plan that starts ${mayStart.runbook} operations cannot claim anything itself`,
    because: 'each of them takes its own claims while this one waits',
    effect: 'none',
    next: 'Leave the claims to the operations that it starts.',
  });
}

/** An operation lives in one zone, because its keys and its workers' rights do. */
function onlyZone({ steps }: PlanDraft): ZoneName {
  const zones = new Set(steps.map(({ zone }) => zone));
  const [zone] = zones;
  if (zone !== undefined && zones.size === 1) return zone;
  throw new Failure({
    code: 'plan.zones',
    problem: 'an operation stays within one zone',
    because:
      zones.size === 0 ? 'this plan has no step' : `this plan needs ${[...zones].join(' and ')}`,
    effect: 'none',
    next: 'Ask for it once in each zone.',
  });
}
