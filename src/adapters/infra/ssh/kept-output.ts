/** Collects a stream in bounded memory: its first half and its last half, and the middle is left out. */
export class KeptOutput {
  private readonly half: number;
  private readonly head: Buffer[] = [];
  private readonly tail: Buffer[] = [];
  private headBytes = 0;
  private tailBytes = 0;
  private totalBytes = 0;

  constructor(limitBytes: number) {
    this.half = Math.floor(limitBytes / 2);
  }

  push(chunk: Buffer): void {
    this.totalBytes += chunk.length;
    const room = Math.min(this.half - this.headBytes, chunk.length);
    if (room > 0) this.head.push(chunk.subarray(0, room));
    this.headBytes += room;
    if (room < chunk.length) this.pushTail(chunk.subarray(room));
  }

  private pushTail(chunk: Buffer): void {
    this.tail.push(chunk);
    this.tailBytes += chunk.length;
    for (let first = this.tail[0]; first; first = this.tail[0]) {
      if (this.tailBytes - first.length < this.half) return;
      this.tail.shift();
      this.tailBytes -= first.length;
    }
  }

  get truncated(): boolean {
    return this.totalBytes > 2 * this.half;
  }

  /** As UTF-8; where something was left out, a line says how much. */
  text(): string {
    const tail = Buffer.concat(this.tail);
    if (!this.truncated) return Buffer.concat([...this.head, tail]).toString('utf8');
    const left = this.totalBytes - 2 * this.half;
    return `${Buffer.concat(this.head)}\n[${left} bytes left out]\n${tail.subarray(-this.half)}`;
  }
}
