import { isIPv6 } from 'node:net';
import { readName } from '../../adapters/infra/dns/name-codec.ts';
import type { RawRecord } from '../../adapters/infra/dns/raw-records.ts';
import type { ZoneRecord } from '../../adapters/simulated/dns/zone-world.ts';
import { RCODE, TYPE, UpdateError } from './codes.ts';

/** Types that the zones of the lab have. */
const TYPES = new Map<number, ZoneRecord['type']>([
  [TYPE.A, 'A'],
  [TYPE.NS, 'NS'],
  [TYPE.CNAME, 'CNAME'],
  [TYPE.AAAA, 'AAAA'],
]);

/** Undefined for a type that no zone of the lab has. */
export function typeName(type: number): ZoneRecord['type'] | undefined {
  return TYPES.get(type);
}

/** The content as a zone has it; undefined for another type. Throws FORMERR where the bytes are not the type's. */
export function contentOf(message: Buffer, record: RawRecord): string | undefined {
  const bytes = message.subarray(record.contentStart, record.end);
  switch (record.type) {
    case TYPE.A:
      return whole(bytes, 4).join('.');
    case TYPE.AAAA:
      return sixText(whole(bytes, 16));
    case TYPE.NS:
    case TYPE.CNAME:
      return names(message, record, 1).text;
    case TYPE.SOA:
      return soaText(message, record);
    default:
      return undefined;
  }
}

function whole(bytes: Buffer, length: number): Buffer {
  if (bytes.length === length) return bytes;
  throw new UpdateError(RCODE.FORMERR, `an address of ${bytes.length} bytes`);
}

/** As `URL` writes it, which is the canonical form. */
function sixText(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16));
  const text = groups.join(':');
  return isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

function names(message: Buffer, { contentStart, end }: RawRecord, count: number, after = 0) {
  const found: string[] = [];
  let at = contentStart;
  for (let number = 0; number < count; number += 1) {
    const { name, end: next } = readName(message, at);
    found.push(name);
    at = next;
  }
  if (at + after !== end) throw new UpdateError(RCODE.FORMERR, 'a name of another length');
  return { text: found.join(' '), at };
}

function soaText(message: Buffer, record: RawRecord): string {
  const { text, at } = names(message, record, 2, 20);
  const numbers = Array.from({ length: 5 }, (_, place) => message.readUInt32BE(at + 4 * place));
  return [text, ...numbers].join(' ');
}
