const LINE_BYTES = 512;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Who we are to others: the server puts it before what we say, and it counts. */
export interface Mask {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
}

/** Bytes of text that one message to a target has room for, as others receive it. */
export function roomFor({ nick, user, host }: Mask, target: string): number {
  return LINE_BYTES - Buffer.byteLength(`:${nick}!${user}@${host} PRIVMSG ${target} :\r\n`);
}

/**
 * A line in pieces of at most so many bytes of UTF-8 (at least 4): between words where a piece has several, otherwise
 * between what people see as one character, and inside such a one only where it alone is too long. Controls become
 * blanks, and the blanks at a cut go.
 */
export function cutLine(text: string, maxBytes: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  const end = (upTo: string) => {
    if (upTo.trim() !== '') pieces.push(upTo.trimEnd());
  };
  for (const unit of unitsOf(text.toWellFormed().replace(/\p{Cc}+/gu, ' '), maxBytes)) {
    const size = Buffer.byteLength(unit);
    if (bytes + size > maxBytes) {
      const word = unit === ' ' ? '' : wordBegun(piece);
      const kept = Buffer.byteLength(word) + size > maxBytes ? '' : word;
      end(kept === '' ? piece : piece.slice(0, -kept.length));
      piece = kept;
      bytes = Buffer.byteLength(kept);
      if (unit === ' ') continue;
    }
    piece += unit;
    bytes += size;
  }
  end(piece);
  return pieces;
}

/** What stands after the last blank; nothing where the piece is one word, or the word would fill the next one, too. */
function wordBegun(piece: string): string {
  const blank = piece.lastIndexOf(' ');
  return piece.slice(0, blank + 1).trim() === '' ? '' : piece.slice(blank + 1);
}

function* unitsOf(text: string, maxBytes: number): Generator<string> {
  for (const { segment } of graphemes.segment(text)) {
    if (Buffer.byteLength(segment) <= maxBytes) yield segment;
    else yield* segment;
  }
}
