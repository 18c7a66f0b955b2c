const ELLIPSIS = '…';
/** Of a text without blocks; Slack cuts at 40,000, and takes fewer characters in blocks. */
const LONGEST_TEXT = 12_000;

/**
 * So that nothing in it is a mention, a link or a channel: those begin with an angle bracket
 * (https://docs.slack.dev/messaging/formatting-message-text).
 */
export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** At most so many UTF-16 units of escaped text, never half an entity or half a character. */
export function cutEscaped(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text
    .slice(0, most - ELLIPSIS.length)
    .replace(/&[a-z]{0,3}$/, '')
    .replace(/[\uD800-\uDBFF]$/, '');
  return `${head}${ELLIPSIS}`;
}

/** As many escaped lines as fit, and how many did not. */
export function joinedLines(lines: readonly string[], most = LONGEST_TEXT): string {
  const whole = lines.map((line) => cutEscaped(escaped(line), 3_000));
  const all = whole.join('\n');
  if (all.length <= most) return all;
  const kept: string[] = [];
  let length = 0;
  for (const line of whole) {
    length += line.length + 1;
    if (length > most - 80) break;
    kept.push(line);
  }
  return [...kept, `… and ${whole.length - kept.length} lines more than a message can hold`].join(
    '\n',
  );
}
