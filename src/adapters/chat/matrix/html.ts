const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML that shows just that text, in an element and in an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A line, with those of `typed` that stand in it as code, so that they are seen to be what can be typed. */
export function lineToHtml(line: string, typed: readonly string[] = []): string {
  const wanted = typed.filter((text) => text !== '').toSorted((a, b) => b.length - a.length);
  if (wanted.length === 0) return escapeHtml(line);
  const parts = line.split(new RegExp(`(${wanted.map(RegExp.escape).join('|')})`));
  return parts
    .map((part) => (wanted.includes(part) ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join('');
}
