import { CHANNEL } from './evening-site.ts';

/** What a channel heard, a line each, as an onlooker's client shows it. */
export function transcript(heard: readonly string[]): readonly string[] {
  const padding = 11;
  return saidIn(CHANNEL, heard).map(({ by, text }) => `${`<${by}>`.padEnd(padding + 2)} ${text}`);
}

/** What was said in a channel, among lines of the server. */
export function saidIn(channel: string, heard: readonly string[]) {
  return heard.flatMap((line) => {
    const [, by = '', where, text = ''] = /^:([^!]+)!\S+ PRIVMSG (\S+) :(.*)$/.exec(line) ?? [];
    return where === channel ? [{ by, text }] : [];
  });
}

/** Without what differs from one evening to the next: names of operations, codes, and how long things took. */
export function timeless(lines: readonly string[]): readonly string[] {
  const names = new Map<string, string>();
  const name = (word: string) => {
    if (!names.has(word)) names.set(word, `op-${names.size + 1}`);
    return names.get(word) ?? word;
  };
  return lines.map((line) =>
    line
      .replaceAll(/\bop-[a-z0-9]{4}\b/g, name)
      .replaceAll(/(approve op-\d+) [0-9a-f]{4}\b/g, '$1 CODE')
      .replaceAll(/\b\d\d:\d\d\b/g, 'HH:MM')
      .replaceAll(/\b\d{4}-\d\d-\d\d\b/g, 'YYYY-MM-DD')
      // Shortly before midnight it is told with its day.
      .replaceAll('YYYY-MM-DD HH:MM UTC', 'HH:MM UTC')
      .replaceAll(/\b\d+ (?:h|min|s)\b(?: \d+ (?:min|s))?/g, 'TIME'),
  );
}

/** How often progress is told depends on how fast things go. */
export function withoutProgress(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/ op-\d+ \d\/\d (?!FAILED)/.test(line));
}
