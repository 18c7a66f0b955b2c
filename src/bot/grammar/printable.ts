const BLANKS = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu;
const INVISIBLE =
  /(?!\p{Bidi_Control}|\p{Variation_Selector})(?:\p{Cf}|\p{Default_Ignorable_Code_Point})/gu;
const HARMFUL = /\p{Cc}|\p{Bidi_Control}/gu;
const ELLIPSIS = '…';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Text that is safe to show in one line: line breaks and tabs become a space, zero-width characters go, controls and
 * bidi characters are shown as `\u{202e}`, halves of a surrogate pair become U+FFFD. With a limit it is cut to at most
 * that many UTF-8 bytes, between words where there are several, never within a character that people see as one.
 */
export function printable(text: string, maxBytes = Number.POSITIVE_INFINITY): string {
  const safe = text
    .toWellFormed()
    .replace(BLANKS, ' ')
    .replace(INVISIBLE, '')
    .replace(HARMFUL, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return Buffer.byteLength(safe) <= maxBytes ? safe : cut(safe, maxBytes);
}

function cut(text: string, maxBytes: number): string {
  const mark = maxBytes > Buffer.byteLength(ELLIPSIS) ? ELLIPSIS : '';
  const head = wholeGraphemes(text, maxBytes - Buffer.byteLength(mark));
  return `${wholeWords(head, text)}${mark}`;
}

/** As many of the first characters as fit. */
function wholeGraphemes(text: string, maxBytes: number): string {
  // A UTF-16 unit is at least one byte, so nothing beyond this slice can fit.
  const candidates = graphemes.segment(text.slice(0, maxBytes + 1));
  let end = 0;
  let bytes = 0;
  for (const { segment, index } of candidates) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** Gives up the word that was cut, unless it is the only one. */
function wholeWords(head: string, text: string): string {
  if (text[head.length] === ' ') return head.trimEnd();
  const space = head.trimEnd().lastIndexOf(' ');
  if (head.endsWith(' ')) return head.trimEnd();
  return space > 0 ? head.slice(0, space).trimEnd() : head;
}
