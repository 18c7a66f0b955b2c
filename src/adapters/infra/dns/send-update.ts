import { randomInt } from 'node:crypto';
import { rootMessage } from '../../../domain/failure.ts';
import type { Patience } from './ask-server.ts';
import {
  badKey,
  badTime,
  type DnsQuestion,
  failed,
  noAnswer,
  refused,
  unsignedAnswer,
} from './dns-failure.ts';
import { exchangeTcp, SentWithoutAnswer } from './exchange-tcp.ts';
import { type RawMessage, readRawMessage } from './raw-records.ts';
import type { ServerAddress } from './server-address.ts';
import {
  isInTime,
  isSignedBy,
  type SplitMessage,
  signMessage,
  splitMessage,
  TSIG_ERRORS,
} from './tsig.ts';
import type { TsigKey } from './tsig-key.ts';
import { UPDATE_OPCODE } from './update-message.ts';

export interface UpdateRequest {
  readonly server: ServerAddress;
  readonly key: TsigKey;
  /** What it is called in a Failure. */
  readonly what: string;
  /** The message under an id. */
  readonly make: (id: number) => Buffer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** `unmet`: a prerequisite did not hold, and nothing was changed. */
export type UpdateAnswer = 'done' | 'unmet';

/** Whatever else a server answers, such as SERVFAIL, may come after it changed something. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'FORMERR: it cannot read updates',
  4: 'NOTIMP: it takes no updates',
  5: 'REFUSED: the key may not change this name',
  9: 'NOTAUTH: it is not the primary of the zone',
  10: 'NOTZONE: the name is not in the zone',
};
/** NXDOMAIN, YXDOMAIN, YXRRSET, NXRRSET */
const UNMET = [3, 6, 7, 8];
const SERVFAIL = 2;
const NOTAUTH = 9;

/**
 * Over TCP: there a refused connection means that nothing was sent, and nobody else can answer. Sent once. An answer counts only
 * with a signature of the key.
 */
export async function sendUpdate(
  request: UpdateRequest,
  patience: Patience,
): Promise<UpdateAnswer> {
  const { server, key, what, now } = request;
  const question = { what, server: server.text };
  const id = randomInt(0x1_0000);
  const { message, mac } = signMessage(request.make(id), key, { nowS: seconds(now()) });
  const bytes = await exchange(server, { message, id, question }, patience);
  const { rcode } = judgeSignature(bytes, { key, mac, question, now });
  if (rcode === 0) return 'done';
  if (UNMET.includes(rcode)) return 'unmet';
  const refusal = REFUSALS[rcode];
  throw refusal === undefined
    ? failed(question, rcode === SERVFAIL ? 'SERVFAIL' : `with code ${rcode}`)
    : refused(question, refusal);
}

async function exchange(
  server: ServerAddress,
  { message, id, question }: { message: Buffer; id: number; question: DnsQuestion },
  { timeoutMs, signal }: Patience,
): Promise<Buffer> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    return await exchangeTcp(server, message, {
      isAnswer: (bytes) => isUpdateAnswer(bytes, id),
      signal: AbortSignal.any([signal, late]),
    });
  } catch (cause) {
    const because = late.aborted ? `nothing within ${timeoutMs / 1000} s` : rootMessage(cause);
    const effect = cause instanceof SentWithoutAnswer ? 'unknown' : 'none';
    throw noAnswer(question, { because, effect, cause });
  }
}

function isUpdateAnswer(bytes: Buffer, id: number): boolean {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== id) return false;
  return bytes.readUInt8(2) >> 3 === (0x10 | UPDATE_OPCODE);
}

interface Judged {
  readonly key: TsigKey;
  readonly mac: Buffer;
  readonly question: DnsQuestion;
  readonly now: () => number;
}

/** Throws where the server did not take our signature, or where the answer has none that holds. */
function judgeSignature(bytes: Buffer, { key, mac, question, now }: Judged): RawMessage {
  const { split, answer } = readAnswer(bytes, question);
  const { tsig } = split;
  const error = TSIG_ERRORS[tsig?.error as keyof typeof TSIG_ERRORS];
  // A server that does not know the key, or another secret for it, cannot sign its answer.
  if (
    answer.rcode === NOTAUTH &&
    (error === 'BADKEY' || error === 'BADSIG' || error === 'BADTRUNC')
  ) {
    throw badKey(question, { error, key: key.name });
  }
  if (tsig === undefined) throw unsignedAnswer(question, 'it is not signed');
  if (!isSignedBy({ ...split, tsig }, key, mac)) {
    throw unsignedAnswer(question, `it is not signed with the key ${key.name}`);
  }
  if (error === 'BADTIME') throw badTime(question, clockOf(tsig.other, tsig.signedAtS), now());
  if (!isInTime(tsig, seconds(now()))) throw unsignedAnswer(question, 'it was signed long ago');
  return answer;
}

function readAnswer(
  bytes: Buffer,
  question: DnsQuestion,
): { split: SplitMessage; answer: RawMessage } {
  try {
    return { split: splitMessage(bytes), answer: readRawMessage(bytes) };
  } catch (cause) {
    throw unsignedAnswer(question, `it cannot be read: ${rootMessage(cause)}`);
  }
}

/** With BADTIME the server says what its clock shows; what it signed has our own time. */
function clockOf(other: Buffer, signedAtS: number): number {
  return (other.length === 6 ? other.readUIntBE(0, 6) : signedAtS) * 1000;
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
