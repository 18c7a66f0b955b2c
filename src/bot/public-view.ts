import type { HostName } from '../domain/ids.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { joined, position } from './narrator/in-words.ts';
import { OUTCOMES } from './narrator/report.ts';

/** Hosts that anybody may hear of: those of pools, without the ones that others are reached through or run on. */
export function publicHosts({ hosts }: Inventory): ReadonlySet<HostName> {
  const inner = new Set<HostName>();
  for (const { ssh, hypervisor } of hosts.values()) {
    for (const jump of ssh.jump) inner.add(jump);
    if (hypervisor !== undefined) inner.add(hypervisor);
  }
  const shown = [...hosts.values()].filter(
    ({ pool, name }) => pool !== undefined && !inner.has(name),
  );
  return new Set(shown.map(({ name }) => name));
}

/** Whether it is about hosts that anybody may hear of, and nothing else. */
export function isPublic({ request }: OperationState, hosts: ReadonlySet<HostName>): boolean {
  const { host, plan } = request;
  const targets = host === undefined ? plan.steps.map(({ target }) => target) : [host];
  return targets.length > 0 && targets.every((target) => hosts.has(target as HostName));
}

/** An operation for anybody: what it does and where it stands. No names of people, and nothing that a host or a person wrote. */
export function publicLine(state: OperationState, left: string | undefined): string {
  return joined([`${state.op} ${state.request.command}`, stands(state), left]);
}

function stands(state: OperationState): string {
  const { phase } = state;
  switch (phase.kind) {
    case 'approval':
      return 'waits for approval';
    case 'claims':
      return 'waits for its turn';
    case 'running':
      return `${phase.way === 'undo' ? 'goes back, at' : 'at'} ${position(state, phase.step)}`;
    case 'finished':
      return 'about to end';
    case 'asking':
    case 'held':
      return `waits for its operators at ${position(state, phase.step)}`;
    case 'ended':
      return OUTCOMES[phase.outcome];
    default:
      return phase satisfies never;
  }
}
