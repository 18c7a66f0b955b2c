import type { RawMessage } from '../../adapters/infra/dns/raw-records.ts';
import {
  appendTsig,
  isInTime,
  isSignedBy,
  signMessage,
  splitMessage,
  type Tsig,
  uint48,
} from '../../adapters/infra/dns/tsig.ts';
import type { TsigKey } from '../../adapters/infra/dns/tsig-key.ts';
import { newest, publish, type ZoneWorld } from '../../adapters/simulated/dns/zone-world.ts';
import { applyUpdates } from './apply-updates.ts';
import { CLASS, RCODE, type Rcode, TYPE, UpdateError } from './codes.ts';
import { checkPrerequisites } from './prerequisites.ts';

export interface UpdateDesk {
  readonly world: ZoneWorld;
  /** Whoever has it may change every alias and address of the zone. */
  readonly key: TsigKey;
  /** Milliseconds since 1970, by the wall clock: signatures are judged by it. */
  readonly now: () => number;
}

const BADSIG = 16;
const BADKEY = 17;
const BADTIME = 18;

/** What the primary answers to an update, after it has done what it says; undefined where no answer comes. */
export function answerUpdate(
  desk: UpdateDesk,
  bytes: Buffer,
  message: RawMessage,
): Buffer | undefined {
  const { bare, tsig } = splitMessage(bytes);
  if (tsig === undefined) return plain(bytes, RCODE.REFUSED);
  const nowS = Math.floor(desk.now() / 1000);
  const isKnown = tsig.keyName === desk.key.name && tsig.algorithm === desk.key.algorithm;
  if (!isKnown) return unproved(bytes, tsig, BADKEY);
  if (!isSignedBy({ bare, tsig }, desk.key)) return unproved(bytes, tsig, BADSIG);
  const signed = (rcode: Rcode, options: object = {}) =>
    signMessage(plain(bytes, rcode), desk.key, { nowS, requestMac: tsig.mac, ...options }).message;
  if (!isInTime(tsig, nowS)) {
    const clock = { nowS: tsig.signedAtS, error: BADTIME, other: uint48(nowS) };
    return signed(RCODE.NOTAUTH, clock);
  }
  const { faults } = desk.world;
  if (faults.strike('dns-lose-request')) return undefined;
  if (faults.strike('dns-refuse')) return signed(RCODE.REFUSED);
  const rcode = carryOut(desk.world, bytes, message);
  return rcode === RCODE.NOERROR && faults.strike('dns-lose-answer') ? undefined : signed(rcode);
}

function carryOut(world: ZoneWorld, bytes: Buffer, { question, sections }: RawMessage): Rcode {
  const [prerequisites, updates] = sections;
  const version = newest(world);
  try {
    if (question?.type !== TYPE.SOA) return RCODE.FORMERR;
    if (question.class !== CLASS.IN || question.name !== world.zone) return RCODE.NOTAUTH;
    checkPrerequisites({ world, version }, bytes, prerequisites);
    const { zone } = world;
    const records = applyUpdates({ zone, records: version.records }, bytes, updates);
    const isSame = JSON.stringify(records) === JSON.stringify(version.records);
    if (!isSame && !world.faults.strike('dns-ignore')) publish(world, records);
    return RCODE.NOERROR;
  } catch (problem) {
    if (problem instanceof UpdateError) return problem.rcode;
    throw problem;
  }
}

/** The header alone. */
export function plain(bytes: Buffer, rcode: Rcode): Buffer {
  const answer = Buffer.alloc(12);
  answer.writeUInt16BE(bytes.readUInt16BE(0), 0);
  answer.writeUInt16BE(0x8000 | (bytes.readUInt16BE(2) & 0x7800) | rcode, 2);
  return answer;
}

/** Who does not share our key can prove nothing to us, nor we to them. */
function unproved(bytes: Buffer, tsig: Tsig, error: number): Buffer {
  const claim = { ...tsig, error, other: Buffer.alloc(0), mac: Buffer.alloc(0) };
  return appendTsig(plain(bytes, RCODE.NOTAUTH), claim);
}
