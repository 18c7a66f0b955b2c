import { buttonsIn } from './block-schema.ts';
import {
  type Channel,
  type SlackMessage,
  shownMessage,
  type User,
  type Workspace,
} from './workspace.ts';

/** https://docs.slack.dev/apis/events-api#callback-field */
export function eventCallback({ team, newId, bot }: Workspace, event: object) {
  return {
    token: 'unused',
    team_id: team,
    api_app_id: 'A0SIGNAL',
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [{ enterprise_id: null, team_id: team, user_id: bot.id, is_bot: true }],
  };
}

/** https://docs.slack.dev/reference/events/message */
export function messageEvent(channel: Channel, message: SlackMessage, user: User | undefined) {
  return {
    ...shownMessage(message, true),
    channel: channel.id,
    channel_type: channel.kind,
    event_ts: message.ts,
    ...(user && { team: user.team_id }),
  };
}

/** https://docs.slack.dev/reference/events/message/message_changed */
export function changeEvent(
  channel: Channel,
  message: SlackMessage,
  before: SlackMessage,
  ts: string,
) {
  return {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: channel.id,
    channel_type: channel.kind,
    ts,
    event_ts: ts,
    message: shownMessage(message, true),
    previous_message: shownMessage(before, true),
  };
}

/** https://docs.slack.dev/reference/events/reaction_added */
export function reactionEvent(
  type: 'reaction_added' | 'reaction_removed',
  {
    channel,
    message,
    user,
    name,
    ts,
  }: { channel: Channel; message: SlackMessage; user: string; name: string; ts: string },
) {
  const item = { type: 'message', channel: channel.id, ts: message.ts };
  return {
    type,
    user,
    reaction: name,
    item,
    event_ts: ts,
    ...(message.user && { item_user: message.user }),
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function pressPayload(
  { team, newId, newTs }: Workspace,
  {
    channel,
    message,
    user,
    button,
  }: { channel: Channel; message: SlackMessage; user: User; button: number },
) {
  const pressed = buttonsIn(message.blocks)[button];
  if (pressed === undefined) throw new Error(`there is no button ${button} under ${message.text}`);
  return {
    type: 'block_actions',
    team: { id: team, domain: 'home' },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
    api_app_id: 'A0SIGNAL',
    token: 'unused',
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: false,
    },
    trigger_id: newId('Tr'),
    channel: { id: channel.id, name: channel.name },
    message: shownMessage(message, true),
    state: { values: {} },
    response_url: 'https://hooks.slack.example/actions/unused',
    actions: [{ ...pressed, block_id: 'b1', action_ts: newTs() }],
  };
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
export function slashPayload(
  { team, newId }: Workspace,
  { channel, user, command, text }: { channel: Channel; user: User; command: string; text: string },
) {
  return {
    token: 'unused',
    team_id: team,
    team_domain: 'home',
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: 'A0SIGNAL',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.example/commands/unused',
    trigger_id: newId('Tr'),
  };
}
