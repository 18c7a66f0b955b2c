import type { HostName } from '../../domain/ids.ts';
import type { Pool } from '../../domain/inventory.ts';
import type { Bot } from '../bot.ts';

/** Which hosts of a pool take no work. Not knowing is not in service. */
export type PoolState =
  | { readonly buildSystem: 'answers'; readonly away: readonly HostName[] }
  /** `none`: the zone has none that could say. */
  | { readonly buildSystem: 'silent' | 'none' };

type Known = Pick<Bot, 'inventory' | 'hasFarm' | 'outOfService'>;

export async function poolState({ name, hosts }: Pool, bot: Known): Promise<PoolState> {
  const [first] = hosts;
  const zone = first && bot.inventory().hosts.get(first)?.zone;
  if (zone !== undefined && !bot.hasFarm(zone)) return { buildSystem: 'none' };
  const away = await bot.outOfService(name, 'cached');
  return away === undefined ? { buildSystem: 'silent' } : { buildSystem: 'answers', away };
}
