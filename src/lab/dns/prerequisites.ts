import { isInZone } from '../../adapters/infra/dns/in-zone.ts';
import type { RawRecord } from '../../adapters/infra/dns/raw-records.ts';
import {
  recordsOf,
  type ZoneVersion,
  type ZoneWorld,
} from '../../adapters/simulated/dns/zone-world.ts';
import { CLASS, RCODE, TYPE, UpdateError } from './codes.ts';
import { contentOf, typeName } from './record-content.ts';
import { soaContent } from './zone-soa.ts';

export interface ZoneNow {
  readonly world: ZoneWorld;
  readonly version: ZoneVersion;
}

/** Throws the code of the first that does not hold. https://www.rfc-editor.org/rfc/rfc2136#section-3.2 */
export function checkPrerequisites(
  now: ZoneNow,
  message: Buffer,
  prerequisites: readonly RawRecord[],
): void {
  const wanted = new Map<string, { record: RawRecord; contents: string[] }>();
  for (const record of prerequisites) {
    if (record.ttlS !== 0) throw new UpdateError(RCODE.FORMERR, 'a prerequisite with a TTL');
    if (!isInZone(record.name, now.world.zone)) throw new UpdateError(RCODE.NOTZONE, record.name);
    if (record.class !== CLASS.IN) {
      checkPresence(now, record);
      continue;
    }
    const key = `${record.name} ${record.type}`;
    const set = wanted.get(key) ?? { record, contents: [] };
    wanted.set(key, set);
    set.contents.push(contentOf(message, record) ?? 'of a type that is not there');
  }
  for (const { record, contents } of wanted.values()) {
    const found = contentsAt(now, record).toSorted().join('\n');
    const same = found === [...new Set(contents)].toSorted().join('\n');
    if (!same) throw new UpdateError(RCODE.NXRRSET, `${record.name} has ${found || 'nothing'}`);
  }
}

/** Whether there is such a name, or such a type at it. */
function checkPresence(now: ZoneNow, record: RawRecord): void {
  const { class: sense, type, name } = record;
  if (sense !== CLASS.ANY && sense !== CLASS.NONE)
    throw new UpdateError(RCODE.FORMERR, 'its class');
  if (record.contentStart !== record.end) throw new UpdateError(RCODE.FORMERR, 'it has content');
  const isThere = contentsAt(now, record).length > 0;
  if (isThere === (sense === CLASS.ANY)) return;
  const [missing, present] =
    type === TYPE.ANY ? [RCODE.NXDOMAIN, RCODE.YXDOMAIN] : [RCODE.NXRRSET, RCODE.YXRRSET];
  throw new UpdateError(isThere ? present : missing, name);
}

function contentsAt({ world, version }: ZoneNow, { name, type }: RawRecord): readonly string[] {
  const records = recordsOf(version, name);
  const soa = name === world.zone ? [soaContent(world, version)] : [];
  if (type === TYPE.ANY) return [...records.map(({ value }) => value), ...soa];
  if (type === TYPE.SOA) return soa;
  return records.filter((record) => record.type === typeName(type)).map(({ value }) => value);
}
