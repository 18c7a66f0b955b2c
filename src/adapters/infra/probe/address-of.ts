import { lookup, Resolver } from 'node:dns/promises';
import type { CheckAim } from '../../../domain/service-check.ts';

/** Where an aim leads: a member's address, or what its public name means now, IPv4 first. */
export async function addressOf(
  aim: CheckAim,
  resolvers: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (aim.kind === 'member') return aim.address;
  if (resolvers === undefined) return (await lookup(aim.name, { order: 'ipv4first' })).address;
  return askResolvers(aim.name, resolvers, signal);
}

async function askResolvers(name: string, servers: readonly string[], signal: AbortSignal) {
  const resolver = resolverFor(servers, signal);
  const [address] = await resolver.resolve4(name).catch(async (problem) => {
    if (problem.code !== 'ENODATA') throw problem;
    return resolver.resolve6(name);
  });
  return address ?? '';
}

/** Each server is given one second, twice; the signal ends what is asked. */
export function resolverFor(servers: readonly string[], signal: AbortSignal): Resolver {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers(servers);
  signal.addEventListener('abort', () => resolver.cancel(), { once: true });
  return resolver;
}
