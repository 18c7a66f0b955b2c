import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const LEFT_OUT = '[a line that is too long was left out]';

/**
 * Calls back with every line, without its end, in bounded memory. A line that is too long is left out whole: cut in the
 * middle of a secret, it would not be recognized. Resolves when the stream is over.
 */
export function linesOf(
  stream: Readable,
  longest: number,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  let tooLong = false;

  function take(piece: string) {
    tooLong ||= kept.length + piece.length > longest;
    kept = tooLong ? '' : kept + piece;
  }
  function end() {
    onLine(tooLong ? LEFT_OUT : kept);
    kept = '';
    tooLong = false;
  }

  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      const [first = '', ...more] = decoder.write(chunk).split('\n');
      take(first);
      for (const piece of more) {
        end();
        take(piece);
      }
    });
    // A socket whose other end was killed may say that it was reset.
    stream.on('error', () => {});
    stream.on('close', () => {
      if (kept !== '' || tooLong) end();
      resolve();
    });
  });
}
