import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../../src/adapters/infra/ansible/lines-of.ts';

async function lines(...chunks: (string | Buffer)[]): Promise<readonly string[]> {
  const stream = new PassThrough();
  const found: string[] = [];
  const over = linesOf(stream, 10, (line) => found.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await over;
  return found;
}

describe('the lines of a stream', () => {
  it('come whole, however the chunks are cut', async () => {
    expect(await lines('one\ntw', 'o\n\nthree')).toEqual(['one', 'two', '', 'three']);
  });

  it('may have a letter cut in two', async () => {
    const bytes = Buffer.from('grün\n');
    expect(await lines(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['grün']);
  });

  it('are left out whole when they are too long, since half a secret would not be recognized', async () => {
    const left = '[a line that is too long was left out]';
    expect(await lines('0123456', '789x', 'y\nok\n', '0123456789ab')).toEqual([left, 'ok', left]);
  });
});
