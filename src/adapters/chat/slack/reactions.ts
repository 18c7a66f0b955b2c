import * as z from 'zod';
import type { MessageRef } from '../../../bot/chat-network.ts';
import { nameOfEmoji } from './emoji-names.ts';
import { type Place, placeOf } from './message-id.ts';
import type { Given } from './reaction-ids.ts';
import { noAnswer } from './slack-failure.ts';
import type { WebApi } from './web-api.ts';

const Standing = z.object({
  message: z.object({
    reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })).default([]),
  }),
});

/** Puts the signs under a question, so that one press is enough. Gives what Slack did not take. */
export async function offerReactions(
  api: WebApi,
  { channel, ts }: Place,
  emoji: readonly string[],
): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const name of emoji.flatMap((one) => nameOfEmoji(one) ?? [])) {
    const answer = await api.call('reactions.add', { channel, timestamp: ts, name });
    const isThere =
      answer.kind === 'done' || (answer.kind === 'refused' && answer.error === 'already_reacted');
    if (!isThere) refused.push(answer.kind === 'refused' ? answer.error : answer.because);
  }
  return refused;
}

/** All but our own. Throws a Failure. https://docs.slack.dev/reference/methods/reactions.get */
export async function readReactions(
  api: WebApi,
  ref: MessageRef,
  own: string,
): Promise<readonly Given[]> {
  const place = placeOf(ref);
  if (place === undefined) return [];
  const args = { channel: place.channel, timestamp: place.ts, full: true };
  const answer = await api.call('reactions.get', args);
  if (answer.kind === 'refused' && answer.error === 'message_not_found') return [];
  const standing = Standing.safeParse(answer.kind === 'done' ? answer.body : undefined);
  if (!standing.success) {
    const because =
      answer.kind === 'refused' ? answer.error : 'because' in answer ? answer.because : '';
    throw noAnswer('which reactions stand', because);
  }
  return standing.data.message.reactions.flatMap(({ name, users }) =>
    users.filter((user) => user !== own).map((user) => ({ on: ref.id, user, name })),
  );
}
