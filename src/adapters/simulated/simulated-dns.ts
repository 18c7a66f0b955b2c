import { mapNonEmpty } from '../../domain/non-empty.ts';
import type { CnameChange, DnsRecord, DnsZone, ServerAnswer } from '../../jobs/ports/dns-zone.ts';
import { noAnswer, notChanged, refused } from '../infra/dns/dns-failure.ts';
import { zoneAround } from '../infra/dns/zone-servers.ts';
import {
  putRecords,
  recordsOf,
  shownBy,
  type WorldServer,
  type ZoneRecord,
  type ZoneWorld,
} from './dns/zone-world.ts';

/** Names in zones in memory. */
export function simulatedDns(zones: readonly ZoneWorld[]): DnsZone {
  return {
    async look(name) {
      const world = zoneAround(name, zones);
      const servers = mapNonEmpty(world.servers, (server) => answerOf(world, server, name));
      return { name, zone: world.zone, servers };
    },
    async change(change) {
      const world = zoneAround(change.name, zones);
      const question = { what: `the change of ${change.name}`, server: world.servers[0].name };
      if (world.servers[0].down || world.faults.strike('dns-lose-request')) {
        throw noAnswer(question, { because: 'nothing came', effect: 'unknown' });
      }
      if (world.faults.strike('dns-refuse')) throw refused(question, 'REFUSED');
      const found = recordsOf(shownBy(world, world.servers[0]), change.name);
      if (!pointsTo(found, change.from)) return { kind: 'conflict', found: found.map(toRecord) };
      if (world.faults.strike('dns-ignore')) throw notChanged(question, change.from);
      const { serial } = putRecords(world, change.name, [cname(change)]);
      if (world.faults.strike('dns-lose-answer')) {
        throw noAnswer(question, { because: 'its answer was lost', effect: 'unknown' });
      }
      return { kind: 'changed', serial };
    },
  };
}

function answerOf(world: ZoneWorld, server: WorldServer, name: string): ServerAnswer {
  if (server.down) return { kind: 'silent', server: server.name, because: 'nothing came' };
  const version = shownBy(world, server);
  return {
    kind: 'answered',
    server: server.name,
    address: 'simulated',
    records: recordsOf(version, name).map(toRecord),
    serial: version.serial,
  };
}

function cname({ to, ttlS }: CnameChange): Omit<ZoneRecord, 'name'> {
  return { type: 'CNAME', value: to, ttlS };
}

function pointsTo(records: readonly ZoneRecord[], target: string): boolean {
  return records.some(({ type, value }) => type === 'CNAME' && value === target);
}

function toRecord({ type, value, ttlS }: ZoneRecord): DnsRecord {
  return { type, value, ttlS };
}
