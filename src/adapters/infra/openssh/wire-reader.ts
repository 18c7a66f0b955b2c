/** Reads SSH's binary form (RFC 4251 section 5) from front to back; throws a RangeError where it ends too early. */
export class WireReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  string(): Buffer {
    const start = this.at + 4;
    const end = start + this.uint32();
    if (end > this.bytes.length) throw new RangeError('a string ends after the end');
    this.at = end;
    return this.bytes.subarray(start, end);
  }

  uint32(): number {
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  uint64(): bigint {
    this.at += 8;
    return this.bytes.readBigUInt64BE(this.at - 8);
  }
}

/** One string as it stands on the wire. */
export function wireString(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
