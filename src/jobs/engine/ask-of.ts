import { HostName } from '../../domain/ids.ts';
import type { Host, Inventory } from '../../domain/inventory.ts';
import { worstRisk } from '../../domain/risk.ts';
import type { Ask } from '../../policies/authorize.ts';
import type { Target } from '../../policies/target.ts';
import type { Plan } from '../model/plan.ts';
import type { OperationState } from '../model/state.ts';

/** What the rules are asked about an operation: its command, at its plan's risk, on what it acts on. */
export function askOf({ request }: OperationState, inventory: Inventory): Omit<Ask, 'person'> {
  return askOfPlan(request.plan, inventory);
}

export function askOfPlan(plan: Plan, inventory: Inventory): Omit<Ask, 'person'> {
  return {
    command: plan.runbook.name,
    risk: worstRisk(plan.steps.map(({ risk }) => risk)),
    target: targetOf(plan, inventory),
  };
}

/** Read from the input's own fields; a host that the inventory has lost is covered by no rule on pools or environments. */
function targetOf({ input }: Plan, { hosts, images }: Inventory): Target {
  const { host: name, image: id } = fields(input);
  const parsed = HostName.safeParse(name);
  if (!parsed.success) return {};
  const host: Partial<Host> = hosts.get(parsed.data) ?? {};
  const image = [...images.values()].find((candidate) => candidate.id === id)?.name;
  return {
    host: parsed.data,
    ...(host.pool && { pool: host.pool }),
    ...(host.environment && { environment: host.environment }),
    ...(image && { image }),
  };
}

function fields(input: unknown): { readonly host?: unknown; readonly image?: unknown } {
  return typeof input === 'object' && input !== null ? input : {};
}
