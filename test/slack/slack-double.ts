import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyText } from 'node:stream/consumers';
import { createDeliveries, type Delivered, type Deliveries, type Kind } from './deliveries.ts';
import {
  changeEvent,
  eventCallback,
  messageEvent,
  pressPayload,
  reactionEvent,
  slashPayload,
} from './payloads.ts';
import { METHODS, type Methods, Refused } from './web-methods.ts';
import { acceptWebSocket } from './websocket-server.ts';
import {
  type Channel,
  createWorkspace,
  type SlackMessage,
  type User,
  type Workspace,
} from './workspace.ts';

export const BOT_TOKEN = 'xoxb-double';
export const APP_TOKEN = 'xapp-double';
export const SIGNING_SECRET = 'signing-secret-of-the-double';
const BOT_SCOPES =
  'channels:history,channels:read,chat:write,commands,files:write,groups:history,groups:read,im:history,reactions:read,reactions:write,users:read';

export interface DoubleOptions {
  /** Events go there as requests, instead of through sockets. */
  readonly requestUrl?: string;
  /** As the app's installation was granted. */
  readonly scopes?: string;
  /** After these an event is sent again that was not acknowledged. */
  readonly retryMs?: readonly number[];
  readonly ackWithinMs?: number;
}

export interface Call {
  readonly method: string;
  readonly args: Readonly<Record<string, string>>;
  /** Milliseconds of a clock that only goes forwards. */
  readonly at: number;
}

/** What goes wrong with the next call of a method. */
type Fault =
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'limited'; readonly retryAfterS: number }
  /** 500, before or after it was done. */
  | { readonly kind: 'broken'; readonly after: boolean };

/**
 * One workspace of Slack and its people, on loopback: as much of the Web API, of Socket Mode and of the Events API over HTTP as
 * https://docs.slack.dev/reference publishes and the bot uses, and it refuses what Slack refuses.
 */
export interface SlackDouble {
  /** Of the Web API, with the slash at its end. */
  readonly apiUrl: string;
  readonly workspace: Workspace;
  readonly calls: readonly Call[];
  readonly deliveries: Deliveries;
  /** Everything that was delivered as an event, newest last. */
  readonly events: readonly object[];
  readonly methods: Methods;
  /** A channel that the app was invited to. */
  channel(name: string): Channel;
  /** The conversation of a person with the app. */
  privateWith(user: User): Channel;
  person(name: string, more?: Partial<User>): User;
  says(user: User, channel: Channel, text: string, thread?: SlackMessage): Promise<Said>;
  edits(message: SlackMessage, channel: Channel, text: string): Promise<Delivered>;
  reacts(user: User, channel: Channel, message: SlackMessage, name: string): Promise<Delivered>;
  unreacts(user: User, channel: Channel, message: SlackMessage, name: string): Promise<Delivered>;
  presses(user: User, channel: Channel, message: SlackMessage, button: number): Promise<Delivered>;
  types(user: User, channel: Channel, command: string, text: string): Promise<Delivered>;
  /** A webhook, or another app. */
  botSays(channel: Channel, text: string): Promise<Delivered>;
  deliver(kind: Kind, payload: object): Promise<Delivered>;
  /** The next calls of the method end so, one after the other. */
  fails(method: string, ...faults: readonly Fault[]): void;
  /** Whether sockets are taken; those that there are, are cut when not. */
  takesSockets(does: boolean): void;
  cutSockets(): void;
  /** As Slack does it every few hours. */
  asksForAnotherSocket(reason: 'warning' | 'refresh_requested'): void;
  stop(): Promise<void>;
}

export interface Said extends Delivered {
  readonly message: SlackMessage;
}

export async function startSlackDouble(options: DoubleOptions = {}): Promise<SlackDouble> {
  const { scopes = BOT_SCOPES, retryMs = [0, 20, 100], ackWithinMs = 3_000, requestUrl } = options;
  const workspace = createWorkspace();
  const { newId, newTs } = workspace;
  const deliveries = createDeliveries({
    ...(requestUrl !== undefined && { requestUrl }),
    signingSecret: SIGNING_SECRET,
    retryMs,
    ackWithinMs,
    newId,
  });
  const calls: Call[] = [];
  const events: object[] = [];
  const faults = new Map<string, Fault[]>();
  const heldUntil = new Map<string, number>();
  let takesSockets = true;

  const server = createServer((request, response) => {
    answer(request, response).catch((problem) => {
      response.writeHead(500);
      response.end(String(problem));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const methods: Methods = {
    workspace,
    uploads: new Map(),
    urlOf: (path) => `http://127.0.0.1:${port}${path}`,
    editWindowClosed: false,
    happening: {
      posted: (channel, message) => void tell(messageEvent(channel, message, workspace.bot)),
      changed: (channel, message, before) =>
        void tell(changeEvent(channel, message, before, newTs())),
      reacted: (channel, message, user, name) =>
        void tell(reactionEvent('reaction_added', { channel, message, user, name, ts: newTs() })),
    },
  };

  function tell(event: object): Promise<Delivered> {
    const payload = eventCallback(workspace, event);
    events.push(payload);
    return deliveries.deliver('events_api', payload);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = await bodyText(request);
    const upload = methods.uploads.get(pathname.replace('/upload/', ''));
    if (upload !== undefined) {
      upload.text = body;
      response.writeHead(Buffer.byteLength(body) === upload.length ? 200 : 400);
      response.end('OK');
      return;
    }
    const method = pathname.replace('/api/', '');
    const args = Object.fromEntries(new URLSearchParams(body));
    calls.push({ method, args, at: performance.now() });
    const token = request.headers.authorization?.replace('Bearer ', '');
    const [fault] = faults.get(method)?.splice(0, 1) ?? [];
    if (fault?.kind === 'limited')
      heldUntil.set(method, performance.now() + fault.retryAfterS * 1_000);
    if (fault?.kind === 'limited' || (heldUntil.get(method) ?? 0) > performance.now()) {
      const waitS = Math.max(
        1,
        Math.ceil(((heldUntil.get(method) ?? 0) - performance.now()) / 1_000),
      );
      response.writeHead(429, { 'retry-after': String(waitS) });
      response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      return;
    }
    if (fault?.kind === 'broken' && !fault.after) return broken(response);
    const result =
      fault?.kind === 'refused' ? { ok: false, error: fault.error } : run(method, args, token);
    if (fault?.kind === 'broken') return broken(response);
    response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': scopes });
    response.end(JSON.stringify(result));
  }

  function run(method: string, args: Readonly<Record<string, string>>, token: string | undefined) {
    if (token === undefined) return { ok: false, error: 'not_authed' };
    if (method === 'apps.connections.open') {
      if (token !== APP_TOKEN) return { ok: false, error: 'invalid_auth' };
      return { ok: true, url: `ws://127.0.0.1:${port}/link/?ticket=${newId('L')}` };
    }
    if (token !== BOT_TOKEN) return { ok: false, error: 'invalid_auth' };
    const found = METHODS[method];
    if (found === undefined) return { ok: false, error: 'unknown_method' };
    const { scope } = found;
    if (scope !== undefined && !scopes.split(',').includes(scope)) {
      return { ok: false, error: 'missing_scope', needed: scope, provided: scopes };
    }
    try {
      return { ok: true, ...found.run(args, methods) };
    } catch (problem) {
      if (problem instanceof Refused) return { ok: false, error: problem.message };
      throw problem;
    }
  }

  server.on('upgrade', (request, socket) => {
    if (!takesSockets) {
      socket.destroy();
      return;
    }
    const connection = acceptWebSocket(request, socket, {
      message: deliveries.hear,
      ended: () => deliveries.sockets.delete(connection),
    });
    deliveries.sockets.add(connection);
    connection.send(JSON.stringify({ type: 'hello', num_connections: deliveries.sockets.size }));
  });

  const add = (name: string, kind: Channel['kind']) => {
    const id = newId(kind === 'im' ? 'D' : 'C');
    const channel: Channel = { id, name, kind, messages: [], isMember: true, isArchived: false };
    workspace.channels.set(id, channel);
    return channel;
  };

  async function reacted(
    type: 'reaction_added' | 'reaction_removed',
    on: { user: User; channel: Channel; message: SlackMessage; name: string },
  ): Promise<Delivered> {
    const users = on.message.reactions.get(on.name) ?? new Set();
    if (type === 'reaction_added') users.add(on.user.id);
    else users.delete(on.user.id);
    on.message.reactions.set(on.name, users);
    return tell(reactionEvent(type, { ...on, user: on.user.id, ts: newTs() }));
  }

  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    workspace,
    calls,
    deliveries,
    events,
    methods,
    channel: (name) => add(name, 'channel'),
    privateWith: (user) => add(user.name, 'im'),
    person(name, more = {}) {
      const id = newId('U');
      const profile = { display_name: name, real_name: name };
      const user = { id, name, team_id: workspace.team, profile, ...more };
      workspace.users.set(id, user);
      return user;
    },
    async says(user, channel, text, thread) {
      const message = workspace.add(channel, {
        user: user.id,
        text: asTyped(text, workspace),
        ...(thread && { thread_ts: thread.thread_ts ?? thread.ts }),
      });
      return { message, ...(await tell(messageEvent(channel, message, user))) };
    },
    edits(message, channel, text) {
      const before = { ...message };
      message.text = asTyped(text, workspace);
      message.edited = { ts: newTs() };
      return tell(changeEvent(channel, message, before, newTs()));
    },
    reacts: (user, channel, message, name) =>
      reacted('reaction_added', { user, channel, message, name }),
    unreacts: (user, channel, message, name) =>
      reacted('reaction_removed', { user, channel, message, name }),
    presses: (user, channel, message, button) =>
      deliveries.deliver(
        'interactive',
        pressPayload(workspace, { channel, message, user, button }),
      ),
    types: (user, channel, command, text) =>
      deliveries.deliver(
        'slash_commands',
        slashPayload(workspace, { channel, user, command, text }),
      ),
    botSays(channel, text) {
      const message = workspace.add(channel, { user: undefined, bot_id: newId('B'), text });
      return tell({
        ...messageEvent(channel, message, undefined),
        subtype: 'bot_message',
        username: 'ana',
      });
    },
    deliver: (kind, payload) => deliveries.deliver(kind, payload),
    fails(method, ...next) {
      faults.set(method, [...(faults.get(method) ?? []), ...next]);
    },
    takesSockets(does) {
      takesSockets = does;
      if (does) return;
      for (const socket of deliveries.sockets) {
        deliveries.sockets.delete(socket);
        socket.cut();
      }
    },
    cutSockets() {
      for (const socket of deliveries.sockets) socket.cut();
    },
    asksForAnotherSocket(reason) {
      for (const socket of deliveries.sockets) {
        deliveries.sockets.delete(socket);
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'double' } }));
      }
    },
    async stop() {
      deliveries.stop();
      for (const socket of deliveries.sockets) socket.cut();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function broken(response: ServerResponse): void {
  response.writeHead(500);
  response.end('internal error');
}

/** What the client makes of it: entities, a mention of the app, and links of whatever looks like a host. */
function asTyped(text: string, { bot }: Workspace): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(new RegExp(`@${bot.name}\\b`, 'g'), `<@${bot.id}>`)
    .replace(
      /\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net)\b/g,
      (host) => `<http://${host}|${host}>`,
    );
}
