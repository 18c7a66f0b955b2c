import * as z from 'zod';
import { readBlocks, refusedBlocks } from './block-schema.ts';
import { type Channel, type SlackMessage, shownMessage, type Workspace } from './workspace.ts';

type Args = Readonly<Record<string, string>>;
type Body = Readonly<Record<string, unknown>>;

/** What a method refuses, by Slack's own word. */
export class Refused extends Error {}

/** What happens in the workspace because of a call, for those who listen. */
export interface Happening {
  posted(channel: Channel, message: SlackMessage): void;
  changed(channel: Channel, message: SlackMessage, before: SlackMessage): void;
  reacted(channel: Channel, message: SlackMessage, user: string, name: string): void;
}

export interface Methods {
  readonly workspace: Workspace;
  readonly happening: Happening;
  /** Of files that were begun: their name, and what was uploaded. */
  readonly uploads: Map<string, { readonly name: string; readonly length: number; text?: string }>;
  readonly urlOf: (path: string) => string;
  /** People may edit for so long; with 0 nobody may. */
  editWindowClosed: boolean;
}

interface Method {
  /** https://docs.slack.dev/reference/scopes */
  readonly scope: string | undefined;
  readonly run: (args: Args, methods: Methods) => Body;
}

const LONGEST_TEXT = 40_000;
/** https://docs.slack.dev/messaging/message-metadata */
const LARGEST_METADATA = 8_000;
const Metadata = z.strictObject({
  event_type: z.string().regex(/^[a-z][a-z0-9_]*$/),
  event_payload: z.record(z.string(), z.unknown()),
});
/** Those that the bot may want; `invalid_name` for another one. */
const EMOJI = new Set(
  '+1 -1 repeat arrow_forward black_right_pointing_double_triangle_with_vertical_bar leftwards_arrow_with_hook double_vertical_bar recycle wastebasket electric_plug hourglass_flowing_sand tada eyes'.split(
    ' ',
  ),
);

/** https://docs.slack.dev/reference/methods and the method's name: the errors are those that its page lists. */
export const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': {
    scope: undefined,
    run: (_, { workspace: { team, bot, botId } }) => ({
      url: 'https://home.slack.example/',
      team: 'Home',
      user: bot.name,
      team_id: team,
      user_id: bot.id,
      bot_id: botId,
    }),
  },
  'users.info': {
    scope: 'users:read',
    run: ({ user = '' }, { workspace }) => {
      const found = workspace.users.get(user);
      if (found === undefined) throw new Refused('user_not_found');
      return { user: found };
    },
  },
  'users.conversations': {
    scope: 'channels:read',
    run: ({ limit = '100', cursor = '0' }, { workspace }) => {
      const all = [...workspace.channels.values()].filter(
        ({ isMember, isArchived, kind }) => isMember && !isArchived && kind === 'channel',
      );
      const from = Number(cursor);
      const to = from + Number(limit);
      return {
        channels: all.slice(from, to).map(({ id, name }) => ({ id, name })),
        response_metadata: { next_cursor: to < all.length ? String(to) : '' },
      };
    },
  },
  'conversations.history': {
    scope: 'channels:history',
    run: (args, { workspace }) => {
      const channel = memberOf(workspace, args.channel);
      const isShown = ({ thread_ts, ts }: SlackMessage) =>
        thread_ts === undefined || thread_ts === ts;
      const newest = channel.messages.filter(isShown).toReversed();
      return { messages: pageOf(newest, args) };
    },
  },
  'conversations.replies': {
    scope: 'channels:history',
    run: (args, { workspace }) => {
      const channel = memberOf(workspace, args.channel);
      const { ts } = args;
      const found = channel.messages.filter((one) => one.ts === ts || one.thread_ts === ts);
      if (found.length === 0) throw new Refused('thread_not_found');
      return { messages: pageOf(found, args) };
    },
  },
  'chat.postMessage': { scope: 'chat:write', run: postMessage },
  'chat.update': { scope: 'chat:write', run: update },
  'reactions.add': {
    scope: 'reactions:write',
    run: ({ channel: id, timestamp, name = '' }, { workspace, happening }) => {
      const channel = memberOf(workspace, id);
      const message = messageIn(channel, timestamp);
      if (!EMOJI.has(name)) throw new Refused('invalid_name');
      const users = message.reactions.get(name) ?? new Set();
      if (users.has(workspace.bot.id)) throw new Refused('already_reacted');
      message.reactions.set(name, users.add(workspace.bot.id));
      happening.reacted(channel, message, workspace.bot.id, name);
      return {};
    },
  },
  'reactions.get': {
    scope: 'reactions:read',
    run: ({ channel: id, timestamp }, { workspace }) => ({
      type: 'message',
      channel: id,
      message: shownMessage(messageIn(memberOf(workspace, id), timestamp), false),
    }),
  },
  'files.getUploadURLExternal': {
    scope: 'files:write',
    run: ({ filename = '', length = '0' }, { workspace, uploads, urlOf }) => {
      if (filename === '' || Number(length) < 1) throw new Refused('invalid_arguments');
      const file_id = workspace.newId('F');
      uploads.set(file_id, { name: filename, length: Number(length) });
      return { upload_url: urlOf(`/upload/${file_id}`), file_id };
    },
  },
  'files.completeUploadExternal': { scope: 'files:write', run: completeUpload },
};

function postMessage(args: Args, { workspace, happening }: Methods): Body {
  const channel = memberOf(workspace, args.channel);
  const { thread_ts } = args;
  const root =
    thread_ts === undefined ? undefined : channel.messages.find(({ ts }) => ts === thread_ts);
  // Avoid using a reply's ts, its page says; here it is refused.
  const isReply = root?.thread_ts !== undefined && root.thread_ts !== root.ts;
  if (thread_ts !== undefined && (root === undefined || isReply)) {
    throw new Refused('cannot_reply_to_message');
  }
  const metadata = metadataIn(args);
  const message = workspace.add(channel, {
    user: workspace.bot.id,
    bot_id: workspace.botId,
    ...contentOf(args),
    ...(thread_ts !== undefined && { thread_ts }),
    ...(metadata !== undefined && { metadata }),
  });
  happening.posted(channel, message);
  return { channel: channel.id, ts: message.ts, message: shownMessage(message, false) };
}

function update(args: Args, { workspace, happening, editWindowClosed }: Methods): Body {
  const channel = memberOf(workspace, args.channel);
  const message = messageIn(channel, args.ts);
  if (message.user !== workspace.bot.id) throw new Refused('cant_update_message');
  if (editWindowClosed) throw new Refused('edit_window_closed');
  const before = { ...message };
  Object.assign(message, contentOf(args));
  if (args.metadata !== undefined) message.metadata = metadataIn(args);
  happening.changed(channel, message, before);
  return { channel: channel.id, ts: message.ts, text: message.text };
}

function completeUpload(args: Args, { workspace, uploads, happening }: Methods): Body {
  const Files = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);
  const files = Files.safeParse(JSON.parse(args.files ?? 'null'));
  if (!files.success) throw new Refused('invalid_arguments');
  const shared = files.data.map(({ id, title }) => {
    const begun = uploads.get(id);
    if (begun?.text === undefined) throw new Refused('file_not_found');
    uploads.delete(id);
    return { id, title: title ?? begun.name, text: begun.text };
  });
  const channel = workspace.channels.get(args.channel_id ?? '');
  if (!channel?.isMember) throw new Refused('invalid_channel');
  const message = workspace.add(channel, {
    user: workspace.bot.id,
    bot_id: workspace.botId,
    text: args.initial_comment ?? '',
    files: shared,
    ...(args.thread_ts !== undefined && { thread_ts: args.thread_ts }),
  });
  happening.posted(channel, message);
  return { files: shared.map(({ id, title }) => ({ id, title })) };
}

function contentOf({ text = '', blocks }: Args): Pick<SlackMessage, 'text' | 'blocks'> {
  if (text === '' && blocks === undefined) throw new Refused('no_text');
  if (text.length > LONGEST_TEXT) throw new Refused('msg_too_long');
  const refused = blocks === undefined ? undefined : refusedBlocks(blocks);
  if (refused !== undefined) throw new Refused(refused);
  return { text, blocks: blocks === undefined ? [] : readBlocks(blocks) };
}

function metadataIn({ metadata }: Args): unknown {
  if (metadata === undefined) return undefined;
  if (metadata.length > LARGEST_METADATA) throw new Refused('metadata_too_large');
  const parsed = Metadata.safeParse(JSON.parse(metadata));
  if (!parsed.success) throw new Refused('invalid_metadata_format');
  return parsed.data;
}

function memberOf(workspace: Workspace, id = ''): Channel {
  const channel = workspace.channels.get(id);
  if (channel === undefined) throw new Refused('channel_not_found');
  if (channel.isArchived) throw new Refused('is_archived');
  if (!channel.isMember) throw new Refused('not_in_channel');
  return channel;
}

function messageIn(channel: Channel, ts: string | undefined): SlackMessage {
  const found = channel.messages.find((one) => one.ts === ts);
  if (found === undefined) throw new Refused('message_not_found');
  return found;
}

function pageOf(messages: readonly SlackMessage[], args: Args) {
  const withMetadata = args.include_all_metadata === 'true';
  return messages
    .slice(0, Number(args.limit ?? '100'))
    .map((message) => shownMessage(message, withMetadata));
}
