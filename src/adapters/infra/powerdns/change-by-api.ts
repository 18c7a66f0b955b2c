import { rootMessage } from '../../../domain/failure.ts';
import type { ChangeOutcome, CnameChange } from '../../../jobs/ports/dns-zone.ts';
import type { Patience } from '../dns/ask-server.ts';
import { noAnswer, notChanged } from '../dns/dns-failure.ts';
import { recordsAt, soaOf } from '../dns/look-at-server.ts';
import { isAliasOf } from '../dns/shown-records.ts';
import type { ZoneServers } from '../dns/zone-servers.ts';
import type { ZoneApi } from './zone-api.ts';

/**
 * Compares, then writes: what somebody else writes in between is lost, since the API has no condition. Then reads back from the
 * server itself, as everybody else would.
 */
export async function changeByApi(
  api: ZoneApi,
  { zone, servers: [primary] }: ZoneServers,
  change: CnameChange,
  patience: Patience,
): Promise<ChangeOutcome> {
  const found = await api.records(zone, change.name, patience);
  if (!isAliasOf(change.from, found)) return { kind: 'conflict', found };
  await api.put(zone, change, patience);
  const question = { what: `the change of ${change.name}`, server: primary.address.text };
  const { serial, records } = await readBack().catch((cause: unknown) => {
    throw noAnswer(question, { because: rootMessage(cause), effect: 'unknown', cause });
  });
  if (isAliasOf(change.to, records) && records[0]?.ttlS === change.ttlS) {
    return { kind: 'changed', serial };
  }
  const shown = records.map(({ value, ttlS }) => `${value}, TTL ${ttlS}`);
  throw notChanged(question, shown.join(' and ') || 'no such record');

  async function readBack() {
    const soa = await soaOf(primary.address, zone, patience);
    const now = await recordsAt(primary.address, change.name, patience);
    return { serial: soa.serial, records: now };
  }
}
