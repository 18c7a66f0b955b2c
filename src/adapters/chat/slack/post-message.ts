import * as z from 'zod';
import type { Outgoing } from '../../../bot/chat-network.ts';
import { Failure } from '../../../domain/failure.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { blocksOf } from './blocks.ts';
import type { Channels } from './channels.ts';
import type { Tried } from './outbox.ts';
import { metadataOf, postedBefore } from './posted-before.ts';
import type { Answer, WebApi } from './web-api.ts';
import { escaped, joinedLines } from './write-text.ts';

const Posted = z.object({ channel: z.string(), ts: z.string() });
/** Slack takes more, but shows it best up to there. */
const LONGEST_TEXT = 4_000;

/** What Slack says of a form that it does not take; the text alone it may take. */
export const BAD_FORM = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
]);
/** It takes nothing from us at all, for now. */
export const NOT_US = new Set([
  'account_inactive',
  'invalid_auth',
  'missing_scope',
  'not_authed',
  'ratelimited',
  'rate_limited',
  'stopped',
  'token_expired',
  'token_revoked',
]);

export interface PosterOptions {
  readonly api: WebApi;
  readonly channels: Channels;
  readonly memory: ChatMemory;
  /** The message under which it goes, where there is a thread. */
  readonly threadOf: (message: Outgoing) => string | undefined;
  readonly log: (message: string) => void;
}

/**
 * Posts a message unless it stands there already. Before each the memory gets its key: whoever posts the same after us, having
 * died or not, looks first.
 */
export function posterTo(options: PosterOptions) {
  const { api, channels, memory, threadOf, log } = options;
  const begun = new Map<string, string>();

  /** Whether somebody began to post just that before, and perhaps did. */
  async function wasBegun(channel: string, key: string): Promise<boolean> {
    const name = `posting ${channel}`;
    const before = begun.get(channel) ?? (await memory.get(name).catch(() => undefined));
    begun.set(channel, key);
    // Without the store it is said nevertheless: that the store is away is what people have to hear.
    if (before !== key) await memory.set(name, key).catch(() => undefined);
    return before === key;
  }

  return async (message: Outgoing, again: boolean): Promise<Tried> => {
    const channel = await channels.idOf(message.channel).catch(unlessFailure);
    if (channel instanceof Failure) return { kind: 'away', because: channel.message };
    if (channel === undefined) {
      return { kind: 'refused', because: 'the app is in no channel of that name: /invite it' };
    }
    const thread = threadOf(message);
    if ((await wasBegun(channel, message.key)) || again) {
      const found = await postedBefore(api, { channel, thread, key: message.key });
      if (found === 'unknown')
        return { kind: 'unknown', because: 'it cannot be looked whether it stands there' };
      if (found !== 'none') return { kind: 'posted', place: { channel, ts: found.ts } };
    }
    const place = { channel, ...(thread !== undefined && { thread_ts: thread }) };
    const answer = await api.call('chat.postMessage', {
      ...place,
      ...unseen(message),
      ...shapeOf(message),
    });
    if (answer.kind !== 'refused' || !BAD_FORM.has(answer.error)) return triedOf(answer);
    log(`the form of "${message.key}" is not taken, so it goes as plain text: ${answer.error}`);
    return triedOf(
      await api.call('chat.postMessage', { ...place, ...unseen(message), ...plainTextOf(message) }),
    );
  };
}

function unlessFailure(problem: unknown): Failure {
  if (problem instanceof Failure) return problem;
  throw problem;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage */
function unseen({ key }: Outgoing) {
  return { metadata: metadataOf(key), mrkdwn: false, unfurl_links: false, unfurl_media: false };
}

/** The blocks are what people see; the text is for notifications. */
export function shapeOf(message: Outgoing) {
  return { ...plainTextOf(message), blocks: blocksOf(message) };
}

/** Nothing in it becomes a link or a mention. */
export function plainTextOf({ lines }: Outgoing) {
  const text = escaped(joinedLines(lines, LONGEST_TEXT)) || '…';
  return { text, parse: 'none', link_names: false };
}

function triedOf(answer: Answer): Tried {
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'refused') {
    return { kind: NOT_US.has(answer.error) ? 'away' : 'refused', because: answer.error };
  }
  const posted = Posted.safeParse(answer.body);
  if (!posted.success) return { kind: 'unknown', because: 'its answer was not understood' };
  return { kind: 'posted', place: posted.data };
}
