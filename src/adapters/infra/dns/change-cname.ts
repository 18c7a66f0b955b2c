import { rootMessage } from '../../../domain/failure.ts';
import type { ChangeOutcome, CnameChange, DnsRecord } from '../../../jobs/ports/dns-zone.ts';
import type { Patience } from './ask-server.ts';
import { busyZone, type DnsQuestion, noAnswer, notChanged, notComparable } from './dns-failure.ts';
import { recordsAt, type Soa, soaOf } from './look-at-server.ts';
import { sendUpdate } from './send-update.ts';
import type { ServerAddress } from './server-address.ts';
import { isAliasOf } from './shown-records.ts';
import type { TsigKey } from './tsig-key.ts';
import { changeMessage } from './update-message.ts';

export interface ChangePlace {
  readonly zone: string;
  readonly primary: ServerAddress;
  readonly key: TsigKey;
  /** What has to be as it was for anything to be changed: the whole zone, or the name alone. */
  readonly compare: 'zone' | 'name';
  readonly now: () => number;
}

/** Others may change other names of the zone at the same time. */
const ATTEMPTS = 5;

/** Compares and exchanges on the primary, and reads back there. */
export async function changeCname(
  place: ChangePlace,
  change: CnameChange,
  patience: Patience,
): Promise<ChangeOutcome> {
  const question = { what: `the change of ${change.name}`, server: place.primary.text };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await seen(place, change, { question, effect: 'none' }, patience);
    if (!isAliasOf(change.from, before.records)) return { kind: 'conflict', found: before.records };
    const answer = await send(place, change, before.soa, patience);
    const sent = { question, effect: answer === 'done' ? 'unknown' : 'none' } as const;
    const after = await seen(place, change, sent, patience);
    if (answer === 'done') return readBack(after, change, question);
    if (!isAliasOf(change.from, after.records)) return { kind: 'conflict', found: after.records };
    if (after.soa.serial === before.soa.serial) throw notComparable(question, after.soa.serial);
  }
  throw busyZone(question, ATTEMPTS);
}

interface Seen {
  readonly soa: Soa;
  readonly records: readonly DnsRecord[];
}

async function seen(
  { primary, zone }: ChangePlace,
  { name }: CnameChange,
  { question, effect }: { question: DnsQuestion; effect: 'none' | 'unknown' },
  patience: Patience,
): Promise<Seen> {
  try {
    const soa = await soaOf(primary, zone, patience);
    return { soa, records: await recordsAt(primary, name, patience) };
  } catch (cause) {
    throw noAnswer(question, { because: rootMessage(cause), effect, cause });
  }
}

function send(
  { zone, primary: server, key, compare, now }: ChangePlace,
  change: CnameChange,
  soa: Soa,
  patience: Patience,
) {
  const comparison = { zone, soa: compare === 'zone' ? soa : undefined };
  const make = (id: number) => changeMessage(id, change, comparison);
  return sendUpdate({ server, key, what: `the change of ${change.name}`, make, now }, patience);
}

/** A server may say yes and have done nothing. */
function readBack({ soa, records }: Seen, { to, ttlS }: CnameChange, question: DnsQuestion) {
  const [record] = records;
  if (isAliasOf(to, records) && record?.ttlS === ttlS) {
    return { kind: 'changed', serial: soa.serial } as const;
  }
  throw notChanged(question, record ? `${record.value}, TTL ${record.ttlS}` : 'no such record');
}
