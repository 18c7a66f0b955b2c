/** A reaction that was dealt with: whose it is and what it says, and under which message. */
export interface Reacted {
  readonly on: string;
  readonly emoji: string;
  readonly account: string;
}

/** What a reaction stands for among the messages, so that whoever comes later knows that it was dealt with. */
export function reactedKey({ on, emoji, account }: Reacted): string {
  return JSON.stringify(['reacted', on, emoji, account]);
}

/** Undefined for the key of something else. */
export function readReactedKey(key: string): Reacted | undefined {
  if (!key.startsWith('["reacted",')) return undefined;
  const [, on = '', emoji = '', account = ''] = JSON.parse(key) as readonly string[];
  return { on, emoji, account };
}
