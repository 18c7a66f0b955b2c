import { mapNonEmpty, type NonEmpty } from '../../../domain/non-empty.ts';
import { type DnsFaults, dnsFaults } from './dns-faults.ts';

export interface ZoneRecord {
  /** In lower case, without the dot at its end, as values of names are. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS';
  readonly value: string;
  readonly ttlS: number;
}

/** The whole zone at one serial. */
export interface ZoneVersion {
  readonly serial: number;
  /** Since when, by the world's clock. */
  readonly at: number;
  readonly records: readonly ZoneRecord[];
}

export interface WorldServer {
  readonly name: string;
  /** A secondary shows what the primary showed this long ago. */
  readonly lagMs: number;
  /** It stopped following then. */
  frozenAt: number | undefined;
  down: boolean;
}

/** A zone and its servers. The first takes changes; the others follow it. */
export interface ZoneWorld {
  readonly zone: string;
  readonly servers: NonEmpty<WorldServer>;
  readonly faults: DnsFaults;
  readonly now: () => number;
  /** The newest last. */
  readonly versions: ZoneVersion[];
}

export interface ZoneSeed {
  readonly zone: string;
  /** By name, the primary first, each with how long it takes to follow. */
  readonly servers: NonEmpty<ServerSeed>;
  /** Besides the zone's own NS records. */
  readonly records: readonly ZoneRecord[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface ServerSeed {
  readonly name: string;
  readonly lagMs?: number;
}

const FIRST_SERIAL = 2026_11_18_00;

export function zoneWorld({ zone, servers: seeds, records, now }: ZoneSeed): ZoneWorld {
  const servers = mapNonEmpty(seeds, worldServer);
  const own = servers.map(
    ({ name }): ZoneRecord => ({ name: zone, type: 'NS', value: name, ttlS: 3600 }),
  );
  const first = { serial: FIRST_SERIAL, at: 0, records: [...own, ...records] };
  return { zone, servers, faults: dnsFaults(), now, versions: [first] };
}

function worldServer({ name, lagMs = 0 }: ServerSeed): WorldServer {
  return { name, lagMs, frozenAt: undefined, down: false };
}

/** What a server shows now. */
export function shownBy(
  { versions, now }: ZoneWorld,
  { lagMs, frozenAt }: WorldServer,
): ZoneVersion {
  const until = Math.min(now() - lagMs, frozenAt ?? Infinity);
  const first = versions[0] as ZoneVersion;
  return versions.findLast(({ at }) => at <= until) ?? first;
}

export function newest({ versions }: ZoneWorld): ZoneVersion {
  return versions.at(-1) as ZoneVersion;
}

/** Records of a name as the server shows them. */
export function recordsOf({ records }: ZoneVersion, name: string): readonly ZoneRecord[] {
  return records.filter((record) => record.name === name);
}

/** One change of the zone; the serial goes up by one. */
export function publish(world: ZoneWorld, records: readonly ZoneRecord[]): ZoneVersion {
  const next = { serial: newest(world).serial + 1, at: world.now(), records };
  world.versions.push(next);
  return next;
}

/** The name has these records from now on and no others. */
export function putRecords(
  world: ZoneWorld,
  name: string,
  records: readonly Omit<ZoneRecord, 'name'>[],
): ZoneVersion {
  const others = newest(world).records.filter((record) => record.name !== name);
  return publish(world, [...others, ...records.map((record) => ({ name, ...record }))]);
}
