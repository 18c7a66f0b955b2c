import { Client, type IrcMessage, type PrivmsgEvent } from 'irc-framework';
import { rootMessage } from '../../../domain/failure.ts';
import type { Mask } from './cut-line.ts';
import { loginRefused, noConnection } from './irc-failure.ts';
import type { Credentials } from './login.ts';
import { otherNick } from './other-nick.ts';
import { tlsTransport } from './tls-transport.ts';

const CONNECT_MS = 30_000;
const PING_EVERY_S = 20;
const PING_PATIENCE_S = 60;
const QUIT_MS = 1_000;
/** As long as servers let them be, until ours is known. */
const LONGEST = { user: 'u'.repeat(11), host: 'h'.repeat(64) };

export interface Server {
  readonly host: string;
  readonly port: number;
}

export interface LinkOptions extends Server {
  readonly nick: string;
  /** For people who look us up. */
  readonly realName: string;
  readonly credentials: Credentials;
  /** Every line of the server. */
  readonly hear: (message: IrcMessage) => void;
  readonly hearPrivmsg: (event: PrivmsgEvent) => void;
  readonly report: (problem: unknown) => void;
  /** Ends the try to connect; a connection that is there stays. */
  readonly signal: AbortSignal;
  readonly pingPatienceS?: number;
}

export interface LinkEnd {
  readonly why: string;
  /** From when on the server may have told us nothing, by the clock of `performance`: of one that broke, since its last line. */
  readonly since: number;
}

/** One connection, logged in, from its welcome to its end. */
export interface Link {
  /** What the server calls us now. */
  readonly nick: string;
  readonly mask: Mask;
  /** Once it has. */
  readonly ended: Promise<LinkEnd>;
  can(capability: string): boolean;
  isSame(one: string, other: string): boolean;
  toOurClock(serverTime: number): number;
  write(line: string): void;
  /** Says goodbye, and does not wait long for the answer. */
  leave(): Promise<void>;
}

export function serverName({ host, port }: Server): string {
  return `${host}:${port}`;
}

/**
 * Connects and logs in. A server that welcomes us without the login is left at once: whatever it said about it, we would be
 * nobody there. Throws a Failure.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const client = clientFor(options);
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<LinkEnd>();
  const state = watch(client, options);
  client.on('registered', () => {
    if (state.isLoggedIn) return ready.resolve();
    state.refused ??= 'it went on without a login';
    client.connection.end(null, true);
  });
  client.on('close', () => {
    ready.reject(failureOf(state, options));
    ended.resolve({ why: state.lastWords(), since: state.deafSince() });
  });
  const giveUp = () => {
    state.error ??= new Error('it did not welcome us in time');
    client.connection.end(null, true);
  };
  const patience = setTimeout(giveUp, CONNECT_MS);
  options.signal.addEventListener('abort', giveUp);
  client.connect();
  if (options.signal.aborted) giveUp();
  try {
    await ready.promise;
  } finally {
    clearTimeout(patience);
    options.signal.removeEventListener('abort', giveUp);
  }
  return {
    get nick() {
      return client.user.nick;
    },
    get mask() {
      return { nick: client.user.nick, ...state.mask };
    },
    ended: ended.promise,
    can: (capability) => client.network.cap.isEnabled(capability),
    isSame: (one, other) => client.caseCompare(one, other),
    toOurClock: (serverTime) => client.network.timeToLocal(serverTime),
    write: (line) => client.raw(line),
    async leave() {
      client.raw('QUIT :until later');
      const forced = setTimeout(() => client.connection.end(null, true), QUIT_MS);
      await ended.promise;
      clearTimeout(forced);
    },
  };
}

function clientFor({ host, port, nick, realName, credentials, report, ...more }: LinkOptions) {
  const { mechanism, account, tls } = credentials;
  const client = new Client({
    host,
    port,
    nick,
    username: 'signalbox',
    gecos: realName,
    version: '',
    transport: tlsTransport({ host, port, ...tls }, report),
    account,
    sasl_mechanism: mechanism,
    sasl_disconnect_on_fail: true,
    enable_echomessage: true,
    auto_reconnect: false,
    ping_interval: PING_EVERY_S,
    ping_timeout: more.pingPatienceS ?? PING_PATIENCE_S,
  });
  client.requestCap(['labeled-response', 'chghost']);
  return client;
}

interface Watched {
  isLoggedIn: boolean;
  /** Why services did not let us in. */
  refused: string | undefined;
  error: Error | undefined;
  said: string | undefined;
  mask: Omit<Mask, 'nick'>;
  lastWords(): string;
  deafSince(): number;
}

function watch(client: Client, { nick, hear, hearPrivmsg, pingPatienceS }: LinkOptions): Watched {
  let heardAt = performance.now();
  let isBroken = false;
  const state: Watched = {
    isLoggedIn: false,
    refused: undefined,
    error: undefined,
    said: undefined,
    mask: LONGEST,
    lastWords: () => state.said ?? (state.error && rootMessage(state.error)) ?? 'it was closed',
    deafSince: () => (isBroken ? heardAt : performance.now()),
  };
  let isWelcome = false;
  let tries = 0;
  const takeAnother = () => {
    if (!isWelcome) client.raw(`NICK ${otherNick(nick, ++tries)}`);
  };
  client.on('nick in use', takeAnother);
  client.on('nick invalid', takeAnother);
  client.on('registered', () => {
    isWelcome = true;
  });
  client.on('loggedin', () => {
    state.isLoggedIn = true;
  });
  client.on('sasl failed', ({ reason, message }) => {
    state.refused ??= message ?? REASONS[reason] ?? reason;
  });
  client.on('irc error', ({ error, reason }) => {
    if (error === 'irc') state.said ??= reason;
  });
  client.on('socket close', (error) => {
    if (error === false) return;
    state.error ??= error;
    isBroken = true;
  });
  client.on('ping timeout', () => {
    isBroken = true;
    state.said ??= `nothing was heard for ${pingPatienceS ?? PING_PATIENCE_S} s`;
    client.connection.end(null, true);
  });
  client.on('privmsg', hearPrivmsg);
  client.use((_, raw) =>
    raw.use((_command, message, _line, _client, next) => {
      heardAt = performance.now();
      const isOurs = message.hostname !== '' && message.nick === client.user.nick;
      if (isOurs) state.mask = { user: message.ident, host: message.hostname };
      hear(message);
      next();
    }),
  );
  return state;
}

/** What the library calls what services or the server lack. */
const REASONS: Readonly<Record<string, string>> = {
  capability_missing: 'services are away, and without them nobody can log in',
  unsupported_mechanism: 'services do not take this kind of login',
  nick_locked: 'the nick is locked',
  too_long: 'account and password are too long',
};

function failureOf(state: Watched, options: LinkOptions) {
  const server = serverName(options);
  if (state.refused !== undefined) return loginRefused(server, state.refused);
  return noConnection(server, state.lastWords(), state.error);
}
