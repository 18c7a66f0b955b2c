import type { Inventory } from '../../domain/inventory.ts';
import { isOpen, opensNext, windowInWords } from '../../domain/window.ts';
import { decideFreezes, type Freeze, type Frozen, freezesByHand } from '../../policies/freezes.ts';
import type { Held } from '../../policies/held.ts';
import { minute } from '../../policies/minute.ts';
import { inputFields } from '../model/input-fields.ts';
import type { Plan } from '../model/plan.ts';

export interface FreezeQuestion {
  readonly plan: Pick<Plan, 'runbook' | 'input' | 'zone'>;
  /** Those of the configuration. */
  readonly configured: readonly Freeze[];
  /** Of the person who asks for it, which is only wanted where a freeze lets groups go on. */
  readonly groups: () => Promise<readonly string[] | undefined>;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: number;
}

/** Whether a freeze is in its way, by hand or from the configuration. */
export async function frozenNow(
  { plan, configured, groups, now }: FreezeQuestion,
  held: readonly Held[],
  inventory: Inventory,
  prefix: string,
): Promise<Frozen> {
  const closed = outsideWindow(plan, inventory, now);
  if (closed !== undefined) return { kind: 'frozen', reasons: [closed] };
  const freezes = [...freezesByHand(held), ...configured];
  if (freezes.length === 0) return { kind: 'open' };
  const { runbook, zone } = plan;
  const environments = environmentsOf(plan, inventory);
  const starting = { command: runbook.name, zone, environments, groups: undefined, now };
  const decided = decideFreezes(freezes, starting, prefix);
  if (decided.kind !== 'unknown') return decided;
  return decideFreezes(freezes, { ...starting, groups: await groups() }, prefix);
}

/** What has no host, or one that the inventory has lost, may be about any of its zone. */
function environmentsOf(
  { input, zone }: FreezeQuestion['plan'],
  { hosts, services }: Inventory,
): readonly string[] {
  const { host, service } = inputFields(input);
  const home = service && services.get(service)?.environment;
  if (home !== undefined) return [home];
  const known = host && hosts.get(host)?.environment;
  if (known !== undefined) return [known];
  const ofZone = [...hosts.values()].filter((one) => one.zone === zone);
  return [...new Set(ofZone.map(({ environment }) => environment))];
}

/** A service that has a window is only worked on in it; its way back is open at any time. */
function outsideWindow(
  { input }: FreezeQuestion['plan'],
  { services }: Inventory,
  now: number,
): string | undefined {
  const { service, anytime } = inputFields(input);
  const window = service && services.get(service)?.window;
  if (window === undefined || anytime || isOpen(window, now)) return undefined;
  return `${service} is worked on ${windowInWords(window)}, next at ${minute(opensNext(window, now))}`;
}
