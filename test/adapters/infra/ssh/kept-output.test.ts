import { describe, expect, it } from 'vitest';
import { KeptOutput } from '../../../../src/adapters/infra/ssh/kept-output.ts';

function keptOf(chunks: readonly string[]): KeptOutput {
  const kept = new KeptOutput(10);
  for (const chunk of chunks) kept.push(Buffer.from(chunk));
  return kept;
}

describe('KeptOutput', () => {
  it.each([[['']], [['0123456789']], [['0123', '456789']], [['0', '12345678', '9']]])(
    'keeps %o as it is',
    (chunks) => {
      const kept = keptOf(chunks);
      expect([kept.text(), kept.truncated]).toEqual([chunks.join(''), false]);
    },
  );

  it.each([
    [['0123456789a'], 1, '6789a'],
    [['01234', '56', '789', 'abcdef'], 6, 'bcdef'],
    [[...'0123456789abcdefghij'], 10, 'fghij'],
  ])('leaves out the middle of %o', (chunks, left, end) => {
    const kept = keptOf(chunks);
    expect([kept.text(), kept.truncated]).toEqual([
      `01234\n[${left} bytes left out]\n${end}`,
      true,
    ]);
  });

  it('joins a character that came in two pieces', () => {
    const kept = new KeptOutput(10);
    for (const byte of Buffer.from('ä')) kept.push(Buffer.from([byte]));
    expect(kept.text()).toBe('ä');
  });
});
