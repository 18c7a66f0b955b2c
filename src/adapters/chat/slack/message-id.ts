import type { MessageRef } from '../../../bot/chat-network.ts';

/** Slack's own name of a message: a time stamp, which is one only within its channel. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** One over all channels. */
export function messageId({ channel, ts }: Place): string {
  return `${channel}/${ts}`;
}

/** Undefined for what is no message of Slack's, such as a slash command. */
export function placeOf({ id }: Pick<MessageRef, 'id'>): Place | undefined {
  const found = /^([CDG][A-Z0-9]+)\/(\d+\.\d+)(?:$| )/.exec(id);
  return found?.[1] && found[2] ? { channel: found[1], ts: found[2] } : undefined;
}
