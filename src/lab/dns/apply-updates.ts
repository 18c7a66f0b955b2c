import { isInZone } from '../../adapters/infra/dns/in-zone.ts';
import type { RawRecord } from '../../adapters/infra/dns/raw-records.ts';
import type { ZoneRecord } from '../../adapters/simulated/dns/zone-world.ts';
import { CLASS, RCODE, TYPE, UpdateError } from './codes.ts';
import { contentOf, typeName } from './record-content.ts';

/** IXFR, AXFR, MAILB, MAILA; ANY stands after them. */
const FIRST_META = 251;

export interface Zone {
  readonly zone: string;
  readonly records: readonly ZoneRecord[];
}

/** What is in the zone afterwards. Throws, before anything is changed, what is wrong with one of them. */
export function applyUpdates(
  zone: Zone,
  message: Buffer,
  updates: readonly RawRecord[],
): readonly ZoneRecord[] {
  for (const record of updates) checkUpdate(zone, record);
  let { records } = zone;
  for (const record of updates) records = applyOne({ ...zone, records }, message, record);
  return records;
}

/** The prescan of https://www.rfc-editor.org/rfc/rfc2136#section-3.4.1, and what the lab's key may change. */
function checkUpdate({ zone }: Zone, record: RawRecord): void {
  const { name, type, class: sense, ttlS } = record;
  if (!isInZone(name, zone)) throw new UpdateError(RCODE.NOTZONE, name);
  const isEmpty = record.contentStart === record.end;
  const isMeta = type >= FIRST_META && type <= TYPE.ANY;
  const fits =
    (sense === CLASS.IN && !isMeta) ||
    (sense === CLASS.ANY && ttlS === 0 && isEmpty && (!isMeta || type === TYPE.ANY)) ||
    (sense === CLASS.NONE && ttlS === 0 && !isMeta);
  if (!fits) throw new UpdateError(RCODE.FORMERR, name);
  const isOurs = [TYPE.A, TYPE.AAAA, TYPE.CNAME].some((each) => each === type);
  if (!isOurs || name === zone)
    throw new UpdateError(RCODE.REFUSED, `${name} is not to be changed so`);
}

function applyOne({ records }: Zone, message: Buffer, record: RawRecord): readonly ZoneRecord[] {
  const { name, ttlS, class: sense } = record;
  const type = typeName(record.type) as ZoneRecord['type'];
  const isOfSet = (each: ZoneRecord) => each.name === name && each.type === type;
  if (sense === CLASS.ANY) return records.filter((each) => !isOfSet(each));
  const value = contentOf(message, record) as string;
  if (sense === CLASS.NONE) return records.filter((each) => !isOfSet(each) || each.value !== value);
  // Passed over without a word, as the RFC has it: an alias stands alone.
  const besides = records.some(
    (each) => each.name === name && isAlias(each.type) !== isAlias(type),
  );
  if (besides) return records;
  const added: ZoneRecord = { name, type, value, ttlS };
  const others = records.filter((each) => !isOfSet(each));
  const same = isAlias(type) ? [] : records.filter((each) => isOfSet(each) && each.value !== value);
  return [...others, ...same.map((each) => ({ ...each, ttlS })), added];
}

function isAlias(type: ZoneRecord['type']): boolean {
  return type === 'CNAME';
}
