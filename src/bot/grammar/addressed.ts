export interface Callsign {
  /** What commands begin with, `!` unless a site says otherwise. */
  readonly prefix: string;
  /** What the bot is called on this network; `<@U07>` where the network writes mentions like that. */
  readonly names: readonly string[];
}

/** A line that is for the bot. Its command begins at the offset `from`, counted in UTF-16 units. */
export interface Addressed {
  readonly by: 'prefix' | 'mention';
  readonly from: number;
}

/**
 * Whether a line is for the bot: `!status`, `signalbox: status`, `@signalbox status`. A command begins with a letter,
 * so `!!!`, a lone `!` and a bare mention are talk.
 */
export function addressed(line: string, callsign: Callsign): Addressed | undefined {
  const start = line.length - line.trimStart().length;
  if (line.startsWith(callsign.prefix, start)) {
    return commandAt(line, start + callsign.prefix.length, 'prefix');
  }
  const from = afterMention(line, start, callsign.names);
  if (from === undefined) return undefined;
  const prefixed = line.startsWith(callsign.prefix, from);
  return commandAt(line, prefixed ? from + callsign.prefix.length : from, 'mention');
}

function commandAt(line: string, from: number, by: Addressed['by']): Addressed | undefined {
  return /^\p{L}/u.test(line.slice(from, from + 2)) ? { by, from } : undefined;
}

/** Where the text after `name:`, `name,` or `@name` begins. The bare name in a sentence is no mention. */
function afterMention(line: string, start: number, names: readonly string[]): number | undefined {
  for (const name of names) {
    const marked = line[start] === '@';
    const end = start + (marked ? 1 : 0) + name.length;
    if (line.slice(end - name.length, end).toLowerCase() !== name.toLowerCase()) continue;
    const tail = (marked || name.startsWith('<') ? /^[:,]?\p{Zs}+/u : /^[:,]\p{Zs}*/u).exec(
      line.slice(end),
    );
    if (tail !== null) return end + tail[0].length;
  }
  return undefined;
}
