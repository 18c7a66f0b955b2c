import type { HostName } from '../../../domain/ids.ts';
import { mapNonEmpty } from '../../../domain/non-empty.ts';
import type { NameLook, ServerAnswer } from '../../../jobs/ports/dns-zone.ts';
import type { Patience } from './ask-server.ts';
import { lookAtServer, nameServersOf } from './look-at-server.ts';
import type { ZoneServers } from './zone-servers.ts';

/** Every server at once, each on its own address. */
export async function lookAtAll(
  zone: ZoneServers,
  name: HostName,
  patience: Patience,
): Promise<NameLook> {
  const answers = mapNonEmpty(zone.servers, (server) =>
    lookAtServer(server, { zone: zone.zone, name }, patience),
  );
  const [known, unknown] = await Promise.all([
    Promise.all(answers),
    unknownServers(zone, patience),
  ]);
  return { name, zone: zone.zone, servers: [...known, ...unknown] };
}

/** Servers that the zone names and the configuration does not: nobody would notice what they say. */
async function unknownServers(
  { zone, servers }: ZoneServers,
  patience: Patience,
): Promise<readonly ServerAnswer[]> {
  const [{ address }] = servers;
  const configured = new Set(servers.map(({ name }) => name));
  const named = await nameServersOf(address, zone, patience).catch(() => {
    patience.signal.throwIfAborted();
    return [];
  });
  return named
    .filter((server) => !configured.has(server))
    .map((server) => ({
      kind: 'silent',
      server,
      because: `the zone names it, and the dns driver's servers of ${zone} do not`,
    }));
}
