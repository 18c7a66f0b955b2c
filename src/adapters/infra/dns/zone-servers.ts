import * as z from 'zod';
import { HostName } from '../../../domain/ids.ts';
import type { NonEmpty } from '../../../domain/non-empty.ts';
import { unknownZone } from './dns-failure.ts';
import { isInZone } from './in-zone.ts';
import { AddressSetting, type ServerAddress } from './server-address.ts';

export interface ZoneServer {
  /** As NS records name it; `primary` for one that they hide. */
  readonly name: string;
  readonly address: ServerAddress;
}

/** A zone and where each server of it is asked. */
export interface ZoneServers {
  readonly zone: string;
  /** Every address of every server, the one that takes changes first. */
  readonly servers: NonEmpty<ZoneServer>;
}

const Addresses = z.union([AddressSetting, z.array(AddressSetting).min(1)]);

/** What NS records name, and where that is. */
export const ServersSetting = z
  .record(HostName, Addresses)
  .refine((servers) => Object.keys(servers).length > 0, {
    error: 'expected every server that the NS records of the zone name, with its address',
  });

export function zoneServers(
  zone: string,
  settings: z.infer<typeof ServersSetting>,
  primary: ServerAddress,
): ZoneServers {
  const all = Object.entries(settings).flatMap(([name, where]) =>
    [where].flat().map((address): ZoneServer => ({ name, address })),
  );
  const isPrimary = ({ address }: ZoneServer) => address.text === primary.text;
  const first = all.find(isPrimary) ?? { name: 'primary', address: primary };
  return { zone, servers: [first, ...all.filter((server) => !isPrimary(server))] };
}

/** The zone that a name is in: the longest, where one is within another. Throws a Failure where it is in none of them. */
export function zoneAround<Zone extends { readonly zone: string }>(
  name: string,
  zones: readonly Zone[],
): Zone {
  const around = zones.filter(({ zone }) => isInZone(name, zone));
  const [longest] = around.toSorted((one, other) => other.zone.length - one.zone.length);
  if (longest !== undefined) return longest;
  throw unknownZone(
    name,
    zones.map(({ zone }) => zone),
  );
}
