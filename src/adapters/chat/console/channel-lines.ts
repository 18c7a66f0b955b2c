/** `<signalbox> first`, and what follows indented under it, so that one message is seen to be one. */
export function channelLines(who: string, lines: readonly string[]): readonly string[] {
  const name = `<${who}> `;
  const indent = ' '.repeat(name.length);
  return lines.map((line, index) => `${index === 0 ? name : indent}${harmless(line)}`);
}

/** A terminal obeys control characters; nothing that is said may bring one. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}
