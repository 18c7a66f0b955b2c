import type { Service } from '../../domain/service.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Bot } from '../bot.ts';
import { freezesInForce } from '../freezes-shown.ts';
import { activeMember } from '../service-lines.ts';
import { poolState } from './pool-state.ts';
import type { ServiceState, StatusFacts } from './status-document.ts';

const PATIENCE_MS = 10_000;

type Known = Pick<
  Bot,
  | 'inventory'
  | 'operations'
  | 'journal'
  | 'freezes'
  | 'now'
  | 'readOnly'
  | 'hasFarm'
  | 'outOfService'
  | 'read'
>;

/** Asks the store, build systems and DNS servers, and changes nothing. A Failure when the store does not answer. */
export async function readStatus(bot: Known): Promise<StatusFacts> {
  const { pools, hosts } = bot.inventory();
  const [readOnly, freezes, states, services, operations] = await Promise.all([
    bot.readOnly(),
    freezesInForce(bot),
    Promise.all(
      [...pools.values()].map(async (pool) => ({ pool, state: await poolState(pool, bot) })),
    ),
    readServices(bot),
    openStates(bot),
  ]);
  const at = bot.now();
  return { at, readOnly, freezes, hosts: hosts.size, pools: states, services, operations };
}

/** Which member of each service is active. */
export function readServices({
  inventory,
  read,
}: Pick<Bot, 'inventory' | 'read'>): Promise<readonly ServiceState[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const stateOf = async (service: Service) => ({
    name: service.name,
    active: await activeMember(service, read(service.zone), signal),
  });
  return Promise.all([...inventory().services.values()].map(stateOf));
}

async function openStates({ operations }: Known): Promise<readonly OperationState[]> {
  const open = await operations.open();
  const all = await open.newest(open.count);
  return all.map(({ state }) => state).filter(({ phase }) => phase.kind !== 'ended');
}
