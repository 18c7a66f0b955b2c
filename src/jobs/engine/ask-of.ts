import type { ServiceName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import { worstRisk } from '../../domain/risk.ts';
import type { Ask } from '../../policies/authorize.ts';
import type { Target } from '../../policies/target.ts';
import { inputFields } from '../model/input-fields.ts';
import type { Plan } from '../model/plan.ts';
import type { Runbook } from '../model/runbook.ts';
import type { OperationState } from '../model/state.ts';

/** What is asked for, whoever asks and from wherever. */
export type Deed = Omit<Ask, 'person' | 'from'>;

/** What the rules are asked about an operation: its command, at its plan's risk, on what it acts on. */
export function askOf({ request }: OperationState, inventory: Inventory): Deed {
  return askOfPlan(request.plan, inventory);
}

export function askOfPlan(plan: Plan, inventory: Inventory): Deed {
  return {
    command: plan.runbook.name,
    risk: worstRisk(plan.steps.map(({ risk }) => risk)),
    target: targetOf(plan, inventory),
  };
}

/** The same before there is a plan, at the risk that its command says. */
export function askBeforePlan(
  { name, command }: Runbook,
  input: unknown,
  inventory: Inventory,
): Deed {
  return { command: name, risk: command.risk, target: targetOf({ input }, inventory) };
}

/** A host that the inventory has lost is covered by no rule on pools or environments. */
function targetOf({ input }: { readonly input: unknown }, inventory: Inventory): Target {
  const { hosts, images } = inventory;
  const { host: name, image: id, service } = inputFields(input);
  if (service !== undefined) return serviceTarget(service, inventory);
  if (name === undefined) return {};
  const host = hosts.get(name);
  const image = id && images.get(id)?.name;
  return {
    host: name,
    ...(host?.pool && { pool: host.pool }),
    ...(host && { environment: host.environment }),
    ...(image && { image }),
  };
}

/** One that the inventory has lost is in no environment. */
export function serviceTarget(name: ServiceName, { services }: Inventory): Target {
  const environment = services.get(name)?.environment;
  return { service: name, ...(environment && { environment }) };
}
