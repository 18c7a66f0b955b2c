import type { Block } from './block-schema.ts';

/** https://docs.slack.dev/reference/objects/user-object */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly team_id: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly profile: { readonly display_name: string; readonly real_name: string };
}

export interface SlackMessage {
  readonly ts: string;
  readonly user: string | undefined;
  readonly bot_id?: string;
  readonly thread_ts?: string;
  text: string;
  blocks: readonly Block[];
  metadata?: unknown;
  edited?: { readonly ts: string };
  readonly files: readonly { readonly id: string; readonly title: string; readonly text: string }[];
  readonly reactions: Map<string, Set<string>>;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'im';
  readonly messages: SlackMessage[];
  isMember: boolean;
  isArchived: boolean;
}

export interface Workspace {
  readonly team: string;
  readonly bot: User;
  readonly botId: string;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  /** A time stamp of a message that nobody had yet. */
  newTs(): string;
  newId(letter: string): string;
  add(
    channel: Channel,
    message: Partial<SlackMessage> & Pick<SlackMessage, 'user' | 'text'>,
  ): SlackMessage;
}

const TEAM = 'T0HOME';

export function createWorkspace(): Workspace {
  let count = 0;
  const newId = (letter: string) => `${letter}${String(++count).padStart(6, '0')}`;
  const newTs = () => `${Math.floor(Date.now() / 1_000)}.${String(++count).padStart(6, '0')}`;
  const bot = {
    id: 'U0SIGNAL',
    name: 'signalbox',
    team_id: TEAM,
    is_bot: true,
    profile: { display_name: 'signalbox', real_name: 'signalbox' },
  };
  return {
    team: TEAM,
    bot,
    botId: 'B0SIGNAL',
    users: new Map([[bot.id, bot]]),
    channels: new Map(),
    newTs,
    newId,
    add(channel, message) {
      const whole = { ts: newTs(), blocks: [], files: [], reactions: new Map(), ...message };
      channel.messages.push(whole);
      return whole;
    },
  };
}

/** As it is said of in the Web API and in events. */
export function shownMessage(message: SlackMessage, withMetadata: boolean) {
  const { reactions, metadata, files, ...plain } = message;
  return {
    type: 'message',
    ...plain,
    ...(files.length > 0 && { files: files.map(({ id, title }) => ({ id, title })) }),
    ...(withMetadata && metadata !== undefined && { metadata }),
    ...(reactions.size > 0 && {
      reactions: [...reactions].map(([name, users]) => ({
        name,
        users: [...users],
        count: users.size,
      })),
    }),
  };
}
