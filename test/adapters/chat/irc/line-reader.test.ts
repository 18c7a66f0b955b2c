import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineReader } from '../../../../src/adapters/chat/irc/line-reader.ts';

function read(parts: readonly Buffer[]): readonly string[] {
  const lines: string[] = [];
  const reader = lineReader((line) => lines.push(line));
  for (const part of parts) reader(part);
  return lines;
}

describe('what the server sends', () => {
  it('is the same lines however it is cut into parts', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !/[\r\n]/.test(one));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(40)), (lines, sizes) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\r\n`).join(''));
        const parts: Buffer[] = [];
        let from = 0;
        for (const size of sizes) {
          parts.push(bytes.subarray(from, from + size));
          from += size;
        }
        parts.push(bytes.subarray(from));
        expect(read(parts)).toEqual(lines);
      }),
    );
  });

  it('is passed over where a line has no end, and understood again from the next line on', () => {
    const endless = Buffer.alloc(4_096, 'x');
    const lines = read([...Array(15).fill(endless), Buffer.from('x\r\nPING a\r\n')]);
    expect(lines).toEqual(['PING a']);
  });

  it('may be no UTF-8', () => {
    expect(read([Buffer.from([0x61, 0xff, 0x62, 0x0a])])).toEqual(['a\uFFFDb']);
  });
});
