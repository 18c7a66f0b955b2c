import type { HostName } from '../domain/ids.ts';
import type { Host, Inventory, Person } from '../domain/inventory.ts';
import type { OperationState } from '../jobs/model/state.ts';
import type { Bot } from './bot.ts';
import { operationLine, stillTakes } from './operation-line.ts';
import { isPublic, publicHosts, publicLine } from './public-view.ts';

/** What somebody may read about how everything is. */
export interface Reader {
  readonly isKnown: boolean;
  readonly hosts: ReadonlyMap<HostName, Host>;
  /** Undefined for an operation that is none of their business. */
  line(state: OperationState): Promise<string | undefined>;
}

/** People whom the directory knows read everything; anybody else what a team shows its community. */
export function readerOf(person: Person | undefined, bot: Bot): Reader {
  const inventory = bot.inventory();
  if (person !== undefined) return readerOfAll(bot);
  const hosts = hostsForAnybody(inventory);
  const names = new Set(hosts.keys());
  return {
    isKnown: false,
    hosts,
    async line(state) {
      if (!isPublic(state, names)) return undefined;
      return publicLine(state, await stillTakes(state, bot, bot.now()));
    },
  };
}

/** Somebody of the team, or who may read the configuration and the store anyway. */
export function readerOfAll(bot: Parameters<typeof operationLine>[1]): Reader {
  const { hosts } = bot.inventory();
  return { isKnown: true, hosts, line: (state) => operationLine(state, bot) };
}

/** Ten thousand hosts take a while to look through, and an inventory never changes. */
const known = new WeakMap<Inventory, ReadonlyMap<HostName, Host>>();

function hostsForAnybody(inventory: Inventory): ReadonlyMap<HostName, Host> {
  const before = known.get(inventory);
  if (before !== undefined) return before;
  const names = publicHosts(inventory);
  const hosts = new Map([...inventory.hosts].filter(([name]) => names.has(name)));
  known.set(inventory, hosts);
  return hosts;
}
