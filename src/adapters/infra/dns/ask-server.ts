import { randomInt } from 'node:crypto';
import { type Answer, type DecodedPacket, decode, encode, type RecordType } from 'dns-packet';
import { exchangeTcp } from './exchange-tcp.ts';
import { exchangeUdp } from './exchange-udp.ts';
import type { ServerAddress } from './server-address.ts';

export interface Question {
  readonly name: string;
  readonly type: RecordType;
}

export interface Answered {
  /** `NOERROR`, `NXDOMAIN`, `REFUSED` … */
  readonly rcode: string;
  readonly isAuthoritative: boolean;
  readonly answers: readonly Answer[];
}

export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One question to that server itself, not to be passed on. Over UDP, and over TCP where the answer is too long for that. Throws
 * an Error whose message says why there is no answer.
 */
export async function askServer(
  address: ServerAddress,
  { name, type }: Question,
  { timeoutMs, signal }: Patience,
): Promise<Answered> {
  const late = AbortSignal.timeout(timeoutMs);
  const id = randomInt(0x1_0000);
  const message = encode({ type: 'query', id, flags: 0, questions: [{ name, type }] });
  const isAnswer = (bytes: Buffer) => answers(bytes, { id, name, type });
  const exchange = { isAnswer, signal: AbortSignal.any([signal, late]) };
  try {
    const short = readPacket(await exchangeUdp(address, message, exchange));
    if (!short.flag_tc) return answered(short);
    return answered(readPacket(await exchangeTcp(address, message, exchange)));
  } catch (cause) {
    signal.throwIfAborted();
    throw late.aborted ? new Error(`nothing within ${timeoutMs / 1000} s`, { cause }) : cause;
  }
}

/** dns-packet has it and its types do not. */
type Packet = DecodedPacket & { readonly rcode: string };

function readPacket(bytes: Buffer): Packet {
  return decode(bytes) as Packet;
}

function answered({ rcode, flag_aa, answers: records = [] }: Packet): Answered {
  return { rcode, isAuthoritative: flag_aa, answers: records };
}

function answers(bytes: Buffer, { id, name, type }: Question & { id: number }): boolean {
  try {
    const packet = readPacket(bytes);
    const asked = packet.questions?.[0];
    if (!packet.flag_qr || packet.id !== id || asked?.type !== type) return false;
    return asked.name.toLowerCase() === name.toLowerCase();
  } catch {
    return false;
  }
}
