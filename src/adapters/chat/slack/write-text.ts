const ELLIPSIS = '…';
const LONGEST_LINE = 2_000;
const NOTE = 80;

/**
 * So that nothing in it is a mention, a link or a channel: those begin with an angle bracket
 * (https://docs.slack.dev/messaging/formatting-message-text).
 */
export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** At most so many UTF-16 units, never half a character. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - ELLIPSIS.length).replace(/[\uD800-\uDBFF]$/, '')}${ELLIPSIS}`;
}

/** As many lines as fit into so many UTF-16 units, and how many did not. */
export function joinedLines(lines: readonly string[], most: number): string {
  const whole = lines.map((line) => cutText(line, LONGEST_LINE));
  const all = whole.join('\n');
  if (all.length <= most) return all;
  let count = 0;
  for (let length = 0; length <= most - NOTE; count += 1) length += (whole[count]?.length ?? 0) + 1;
  const kept = whole.slice(0, count - 1);
  return [...kept, `… and ${whole.length - kept.length} lines more than a message can hold`].join(
    '\n',
  );
}
