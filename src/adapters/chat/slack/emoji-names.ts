/** What Slack calls the signs that people press. https://docs.slack.dev/reference/methods/reactions.add takes names only. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['👍', '+1'],
  ['👎', '-1'],
  ['🔁', 'repeat'],
  ['▶', 'arrow_forward'],
  ['⏭', 'black_right_pointing_double_triangle_with_vertical_bar'],
  ['↩', 'leftwards_arrow_with_hook'],
  ['⏸', 'double_vertical_bar'],
  ['♻', 'recycle'],
  ['🗑', 'wastebasket'],
  ['🔌', 'electric_plug'],
  ['⏳', 'hourglass_flowing_sand'],
]);
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['thumbsup', '👍'],
  ['thumbsdown', '👎'],
  ['next_track_button', '⏭'],
  ['pause_button', '⏸'],
]);
const SIGNS = new Map([...NAMES].map(([sign, name]) => [name, sign]));

/** Undefined for a sign that has no name here: it gets a button only. */
export function nameOfEmoji(emoji: string): string | undefined {
  return NAMES.get(emoji.replace(/\u{FE0F}/gu, ''));
}

/** The sign of a name, whatever the skin; `:name:` for one that we never offer. */
export function emojiOfName(name: string): string {
  const [plain = ''] = name.split('::');
  return SIGNS.get(plain) ?? ALIASES.get(plain) ?? `:${plain}:`;
}
