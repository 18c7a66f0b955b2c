import * as z from 'zod';
import type { WebApi } from './web-api.ts';

/** What our messages carry, so that they can be known again. https://docs.slack.dev/messaging/message-metadata */
const EVENT_TYPE = 'signalbox';

const Page = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional(),
    }),
  ),
});

export function metadataOf(key: string) {
  return { event_type: EVENT_TYPE, event_payload: { key } };
}

/**
 * Whether a message with that key stands in the channel or the thread: Slack has no key by which to post once. `unknown` when
 * it could not be looked.
 */
export async function postedBefore(
  api: WebApi,
  { channel, thread, key }: { channel: string; thread: string | undefined; key: string },
): Promise<{ readonly ts: string } | 'none' | 'unknown'> {
  const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
  const args = { channel, limit: 100, include_all_metadata: true };
  const answer = await api.call(method, { ...args, ...(thread !== undefined && { ts: thread }) });
  if (answer.kind === 'unknown') return 'unknown';
  const page = Page.safeParse(answer.kind === 'done' ? answer.body : undefined);
  const found = page.data?.messages.find(
    ({ metadata }) => metadata?.event_type === EVENT_TYPE && metadata.event_payload.key === key,
  );
  return found ?? 'none';
}
