/** What a command is told. */
export interface CommandValues {
  readonly action: 'begin' | 'end';
  readonly host: string;
  readonly op: string;
  /** When the downtime is over, such as `2026-11-18T14:30:00Z`: now, for its end. */
  readonly until: string;
}

const PLACES = ['{action}', '{host}', '{op}', '{until}'];

/** What is wrong with the words of a command, or undefined. Only a whole word is replaced, so nothing has to be quoted. */
export function complaintAboutWords(words: readonly string[]): string | undefined {
  if (!words[0]?.startsWith('/')) return 'expected the whole path of a program first';
  const missing = ['{action}', '{host}'].filter((place) => !words.includes(place));
  if (missing.length > 0) return `expected ${missing.join(' and ')} among its words`;
  const mixed = words.find((word) => /\{[a-z]+\}/.test(word) && !PLACES.includes(word));
  if (mixed === undefined) return undefined;
  return `expected ${PLACES.join(', ')}, each as a word of its own, and not ${JSON.stringify(mixed)}`;
}

export function fillWords(words: readonly string[], values: CommandValues): readonly string[] {
  const places = new Map(Object.entries(values).map(([name, value]) => [`{${name}}`, value]));
  return words.map((word) => places.get(word) ?? word);
}
