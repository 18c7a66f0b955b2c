const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/**
 * What a message says to whoever reads it: Slack puts links, people and channels into angle brackets and writes the three
 * characters that it needs for that as entities (https://docs.slack.dev/messaging/formatting-message-text). A host name
 * that became a link is a host name again; of a link the words that people see.
 */
export function readText(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, inside: string) => shown(inside))
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function shown(inside: string): string {
  const bar = inside.indexOf('|');
  const [target, label] = bar < 0 ? [inside, ''] : [inside.slice(0, bar), inside.slice(bar + 1)];
  const [mark] = target;
  if (mark === '@') return label === '' ? target : `@${label.replace(/^@/, '')}`;
  if (mark === '#') return `#${label === '' ? target.slice(1) : label.replace(/^#/, '')}`;
  if (mark === '!') return label === '' ? `@${target.slice(1)}` : label;
  return label === '' ? target.replace(/^mailto:/, '') : label;
}

/** A mention of us at the beginning is our name. */
export function readCall(text: string, ownId: string, name: string): string {
  const mention = new RegExp(`^\\s*<@${ownId}(?:\\|[^<>]*)?>`);
  return readText(text.replace(mention, `@${name}`));
}
