import { readName } from './name-codec.ts';

/** A record where it stands in a message. dns-packet's own decoder takes no record without content, and no class NONE. */
export interface RawRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttlS: number;
  /** Where the record begins, where its content does, and where it ends. */
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

export interface RawMessage {
  readonly id: number;
  readonly opcode: number;
  readonly rcode: number;
  readonly isAnswer: boolean;
  readonly question: Pick<RawRecord, 'name' | 'type' | 'class'> | undefined;
  /** Answers, authorities, additionals; of an update: prerequisites, updates, additionals. */
  readonly sections: readonly [readonly RawRecord[], readonly RawRecord[], readonly RawRecord[]];
}

const HEADER_BYTES = 12;

/** Throws where the bytes are no message, or where something follows it. */
export function readRawMessage(message: Buffer): RawMessage {
  const count = (place: number) => message.readUInt16BE(4 + 2 * place);
  if (count(0) > 1) throw new Error('it has more than one question');
  let offset = HEADER_BYTES;
  const question = count(0) === 1 ? readQuestion(message, offset) : undefined;
  offset = question?.end ?? offset;
  const section = (place: number) =>
    Array.from({ length: count(place) }, () => {
      const record = readRecord(message, offset);
      offset = record.end;
      return record;
    });
  const sections = [section(1), section(2), section(3)] as const;
  if (offset !== message.length) throw new Error('something follows its last record');
  const flags = message.readUInt16BE(2);
  return {
    id: message.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    rcode: flags & 0xf,
    isAnswer: flags >> 15 === 1,
    question,
    sections,
  };
}

function readQuestion(message: Buffer, offset: number) {
  const { name, end } = readName(message, offset);
  return {
    name,
    type: message.readUInt16BE(end),
    class: message.readUInt16BE(end + 2),
    end: end + 4,
  };
}

function readRecord(message: Buffer, start: number): RawRecord {
  const { name, end: fixed } = readName(message, start);
  const contentStart = fixed + 10;
  const end = contentStart + message.readUInt16BE(fixed + 8);
  if (end > message.length) throw new Error('a record is longer than the message');
  return {
    name,
    type: message.readUInt16BE(fixed),
    class: message.readUInt16BE(fixed + 2),
    ttlS: message.readUInt32BE(fixed + 4),
    start,
    contentStart,
    end,
  };
}
