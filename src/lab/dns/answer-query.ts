import { type Answer, encode } from 'dns-packet';
import { isInZone } from '../../adapters/infra/dns/in-zone.ts';
import type { RawMessage } from '../../adapters/infra/dns/raw-records.ts';
import {
  recordsOf,
  type ZoneRecord,
  type ZoneVersion,
  type ZoneWorld,
} from '../../adapters/simulated/dns/zone-world.ts';
import { CLASS, RCODE, type Rcode, TYPE } from './codes.ts';
import { soaAnswer } from './zone-soa.ts';

const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;
const UDP_BYTES = 512;

interface Content {
  readonly rcode: Rcode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
}

/** What a server answers that shows this version of the zone. Over UDP a long answer is cut, and asked for again over TCP. */
export function answerQuery(
  world: ZoneWorld,
  version: ZoneVersion,
  asked: { readonly bytes: Buffer; readonly message: RawMessage; readonly overUdp: boolean },
): Buffer {
  const content = contentFor(world, version, asked.message);
  const answer = written(asked, content, 0);
  if (!asked.overUdp || answer.length <= UDP_BYTES) return answer;
  return written(asked, { ...content, answers: [], authorities: [] }, TRUNCATED);
}

function contentFor(world: ZoneWorld, version: ZoneVersion, { question }: RawMessage): Content {
  const nothing = { isAuthoritative: false, answers: [], authorities: [] };
  if (question === undefined) return { rcode: RCODE.FORMERR, ...nothing };
  if (question.class !== CLASS.IN || !isInZone(question.name, world.zone)) {
    return { rcode: RCODE.REFUSED, ...nothing };
  }
  const soa = soaAnswer(world, version);
  const ours = question.name === world.zone && isAsked(question.type, TYPE.SOA) ? [soa] : [];
  const answers = [...ours, ...matching(version, question).map(toAnswer)];
  const authorities = answers.length === 0 ? [soa] : [];
  const rcode = exists(world, version, question.name) ? RCODE.NOERROR : RCODE.NXDOMAIN;
  return { rcode, isAuthoritative: true, answers, authorities };
}

/** Of an alias also what it points to, as far as that is in the zone. */
function matching(
  version: ZoneVersion,
  { name, type }: { readonly name: string; readonly type: number },
): readonly ZoneRecord[] {
  const found: ZoneRecord[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next); ) {
    seen.add(next);
    const records: readonly ZoneRecord[] = recordsOf(version, next);
    const alias: ZoneRecord | undefined = records.find((record) => record.type === 'CNAME');
    const follows = alias !== undefined && !isAsked(type, TYPE.CNAME);
    const ofType = records.filter((record) => isAsked(type, TYPE[record.type]));
    found.push(...(follows ? [alias] : ofType));
    next = follows ? alias.value : undefined;
  }
  return found;
}

function isAsked(asked: number, type: number): boolean {
  return asked === type || asked === TYPE.ANY;
}

function exists({ zone }: ZoneWorld, { records }: ZoneVersion, name: string): boolean {
  return name === zone || records.some((record) => isInZone(record.name, name));
}

function toAnswer({ name, type, value, ttlS }: ZoneRecord): Answer {
  return { name, type, class: 'IN', ttl: ttlS, data: value };
}

function written(
  { bytes, message }: { readonly bytes: Buffer; readonly message: RawMessage },
  { rcode, isAuthoritative, answers, authorities }: Content,
  more: number,
): Buffer {
  const wished = bytes.readUInt16BE(2) & 0x7900;
  const flags = wished | (isAuthoritative ? AUTHORITATIVE : 0) | more | rcode;
  const { question } = message;
  const answer = encode({
    type: 'response',
    id: message.id,
    flags,
    answers: [...answers],
    authorities: [...authorities],
  });
  if (question === undefined) return answer;
  return withQuestion(answer, questionBytes(bytes));
}

/** As it was asked, in the letters it was asked in. */
function questionBytes(bytes: Buffer): Buffer {
  let at = 12;
  while (bytes.readUInt8(at) !== 0) at += 1 + bytes.readUInt8(at);
  return bytes.subarray(12, at + 5);
}

function withQuestion(answer: Buffer, question: Buffer): Buffer {
  const whole = Buffer.concat([answer.subarray(0, 12), question, answer.subarray(12)]);
  whole.writeUInt16BE(1, 4);
  return whole;
}
