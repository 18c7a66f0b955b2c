import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleLines, LONGEST_LINE } from '../../../src/jobs/console/console-lines.ts';

/** As it would be read in pieces of any size. */
function inPieces(text: string, size: number) {
  let rest = '';
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    const split = consoleLines(rest, text.slice(at, at + size));
    lines.push(...split.lines);
    rest = split.rest;
  }
  return { lines, rest };
}

describe('the lines of a console', () => {
  it('are without colours, control characters and empty lines', () => {
    const text =
      '\u001b[0;1;31m[FAILED]\u001b[0m Failed\u0007 to start x\r\n\r\n\u001b]0;title\u0007ok\u001b(B\n';
    expect(consoleLines('', text)).toEqual({
      lines: ['[FAILED] Failed to start x', 'ok'],
      rest: '',
    });
  });

  it('begin where a dialog moves the cursor', () => {
    const text =
      '\u001b[3;10H[!!] Install the base system\u001b[5;10HInstallation step failed\u001b[9;10H<Continue>\n';
    expect(consoleLines('', text).lines).toEqual([
      '[!!] Install the base system',
      'Installation step failed',
      '<Continue>',
    ]);
  });

  it('wait for their end, but not for ever', () => {
    expect(consoleLines('Kernel pan', 'ic\nand')).toEqual({ lines: ['Kernel panic'], rest: 'and' });
    const endless = consoleLines('', 'x'.repeat(5_000));
    expect(endless.rest).toBe('');
    expect(endless.lines.map((line) => line.length)).toEqual([LONGEST_LINE]);
  });

  it('are the same however the text is cut into pieces', () => {
    const piece = fc.constantFrom(
      'a',
      'b c',
      '\n',
      '\r\n',
      '\u001b[31m',
      '\u001b[2;1H',
      '\u0000',
      'é',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (all, size) => {
        expect(inPieces(`${all}\n`, size)).toEqual(inPieces(`${all}\n`, 1_000));
      }),
    );
  });
});
