import { createHmac, timingSafeEqual } from 'node:crypto';
import { nameBytes, readName } from './name-codec.ts';
import { type RawRecord, readRawMessage } from './raw-records.ts';
import { TSIG_ALGORITHMS, type TsigKey } from './tsig-key.ts';

export const TSIG_ERRORS = { 16: 'BADSIG', 17: 'BADKEY', 18: 'BADTIME', 22: 'BADTRUNC' } as const;

/** The clocks of both sides may differ by this. */
const FUDGE_S = 300;
const TYPE_TSIG = 250;
const CLASS_ANY = 255;

/** What a signature says besides its MAC. */
export interface TsigClaim {
  readonly keyName: string;
  readonly algorithm: string;
  readonly signedAtS: number;
  readonly fudgeS: number;
  /** Of the message when it was signed; a forwarder gives it another. */
  readonly originalId: number;
  readonly error: number;
  /** With BADTIME the server's clock, in seconds as 48 bits. */
  readonly other: Buffer;
}

export interface Tsig extends TsigClaim {
  readonly mac: Buffer;
}

export interface SplitMessage {
  /** As it was before it was signed. */
  readonly bare: Buffer;
  /** Undefined where it is not signed. */
  readonly tsig: Tsig | undefined;
}

export interface SignedMessage {
  readonly message: Buffer;
  readonly mac: Buffer;
}

export interface SignOptions {
  readonly nowS: number;
  /** The MAC of what is answered. */
  readonly requestMac?: Buffer;
  readonly error?: number;
  readonly other?: Buffer;
}

/** Adds a signature at its end. https://www.rfc-editor.org/rfc/rfc8945#section-4.3 */
export function signMessage(bare: Buffer, key: TsigKey, options: SignOptions): SignedMessage {
  const claim: TsigClaim = {
    keyName: key.name,
    algorithm: key.algorithm,
    signedAtS: options.nowS,
    fudgeS: FUDGE_S,
    originalId: bare.readUInt16BE(0),
    error: options.error ?? 0,
    other: options.other ?? Buffer.alloc(0),
  };
  const mac = macOf(bare, claim, key, options.requestMac);
  return { message: appendTsig(bare, { ...claim, mac }), mac };
}

/** Takes the signature off. Throws where the message cannot be read, or the signature is not its last record. */
export function splitMessage(message: Buffer): SplitMessage {
  const { sections } = readRawMessage(message);
  const all = sections.flat();
  const place = all.findIndex(({ type }) => type === TYPE_TSIG);
  if (place === -1) return { bare: message, tsig: undefined };
  if (place !== all.length - 1 || sections[2].length === 0) {
    throw new Error('its signature is not its last record');
  }
  const record = all[place] as RawRecord;
  const tsig = readTsig(message, record);
  const bare = Buffer.from(message.subarray(0, record.start));
  bare.writeUInt16BE(tsig.originalId, 0);
  bare.writeUInt16BE(sections[2].length - 1, 10);
  return { bare, tsig };
}

/** Whether the MAC is the key's, and the whole of it. Says nothing about the time. */
export function isSignedBy(
  { bare, tsig }: SplitMessage & { tsig: Tsig },
  key: TsigKey,
  requestMac?: Buffer,
): boolean {
  if (tsig.keyName !== key.name || tsig.algorithm !== key.algorithm) return false;
  const expected = macOf(bare, tsig, key, requestMac);
  return expected.length === tsig.mac.length && timingSafeEqual(expected, tsig.mac);
}

export function isInTime({ signedAtS, fudgeS }: TsigClaim, nowS: number): boolean {
  return Math.abs(nowS - signedAtS) <= fudgeS;
}

export function appendTsig(bare: Buffer, { mac, ...claim }: Tsig): Buffer {
  const content = Buffer.concat([
    nameBytes(claim.algorithm),
    times(claim),
    uint16(mac.length),
    mac,
    uint16(claim.originalId),
    ending(claim),
  ]);
  const record = [nameBytes(claim.keyName), RECORD_HEAD, uint16(content.length), content];
  const message = Buffer.concat([bare, ...record]);
  message.writeUInt16BE(bare.readUInt16BE(10) + 1, 10);
  return message;
}

function macOf(bare: Buffer, claim: TsigClaim, key: TsigKey, requestMac?: Buffer): Buffer {
  const before = requestMac ? [uint16(requestMac.length), requestMac] : [];
  const variables = [
    nameBytes(claim.keyName),
    RECORD_HEAD.subarray(2),
    nameBytes(claim.algorithm),
    times(claim),
    ending(claim),
  ];
  const hmac = createHmac(TSIG_ALGORITHMS[key.algorithm], key.secret);
  return hmac.update(Buffer.concat([...before, bare, ...variables])).digest();
}

/** Type, class, and a TTL of 0. */
const RECORD_HEAD = Buffer.concat([uint16(TYPE_TSIG), uint16(CLASS_ANY), Buffer.alloc(4)]);

function times({ signedAtS, fudgeS }: TsigClaim): Buffer {
  return Buffer.concat([uint48(signedAtS), uint16(fudgeS)]);
}

function ending({ error, other }: TsigClaim): Buffer {
  return Buffer.concat([uint16(error), uint16(other.length), other]);
}

function readTsig(message: Buffer, record: RawRecord): Tsig {
  const { name, contentStart, end } = record;
  if (record.class !== CLASS_ANY || record.ttlS !== 0) throw new Error('its signature is none');
  const { name: algorithm, end: at } = readName(message, contentStart);
  const macEnd = at + 10 + message.readUInt16BE(at + 8);
  const other = Buffer.from(message.subarray(macEnd + 6, end));
  if (other.length !== message.readUInt16BE(macEnd + 4)) throw new Error('its signature is cut');
  return {
    keyName: name,
    algorithm,
    signedAtS: message.readUIntBE(at, 6),
    fudgeS: message.readUInt16BE(at + 6),
    mac: Buffer.from(message.subarray(at + 10, macEnd)),
    originalId: message.readUInt16BE(macEnd),
    error: message.readUInt16BE(macEnd + 2),
    other,
  };
}

export function uint48(number: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(number, 0, 6);
  return bytes;
}

function uint16(number: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(number);
  return bytes;
}
