/** Whether a host name matches a pattern such as `builder-*`: `*` is any run of characters, `?` is one. */
export function matchesHostPattern(host: string, pattern: string): boolean {
  const source = Array.from(pattern, (letter) => WILDCARDS[letter] ?? RegExp.escape(letter));
  return new RegExp(`^${source.join('')}$`).test(host);
}

const WILDCARDS: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };
