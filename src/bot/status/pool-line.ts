import type { HostName } from '../../domain/ids.ts';
import type { Pool } from '../../domain/inventory.ts';
import { foldHosts } from '../grammar/fold-hosts.ts';
import { counted } from '../narrator/in-words.ts';
import type { Reader } from '../reader.ts';
import { poolState } from './pool-state.ts';

/** `@builders: 19/20 in service, away: builder-07` */
export async function poolLine(
  pool: Pool,
  reader: Pick<Reader, 'hosts'>,
  bot: Parameters<typeof poolState>[1],
): Promise<string> {
  const { name, hosts } = pool;
  const state = await poolState(pool, bot);
  if (state.buildSystem !== 'answers') {
    const silent = state.buildSystem === 'silent' ? ', the build system does not answer' : '';
    return `@${name}: ${counted(hosts.length, 'host')}${silent}`;
  }
  const { away } = state;
  const named = away.every((host) => reader.hosts.has(host)) ? away : undefined;
  const out = away.length > 0 && named ? `, away: ${folded(named)}` : '';
  return `@${name}: ${hosts.length - away.length}/${hosts.length} in service${out}`;
}

/** A thousand names take a while to fold, and the build system's answer is the same one for some time. */
const known = new WeakMap<readonly HostName[], string>();

function folded(hosts: readonly HostName[]): string {
  const text = known.get(hosts) ?? foldHosts(hosts);
  known.set(hosts, text);
  return text;
}
