import { randomUUID } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { ChatNetwork, Incoming } from '../../../bot/chat-network.ts';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { newNonce, proofPath } from './challenge.ts';
import { FromPeer, linesOf, say } from './protocol.ts';
import { provedUser } from './proved-user.ts';
import { openSession, type Session } from './session.ts';
import { prepareFolder, type SocketPlace } from './socket-folder.ts';

/** From the connection to the command. */
const SPEAKS_WITHIN_MS = 10_000;
const MOST_CONNECTIONS = 100;

export interface TerminalOptions {
  /** The path of the socket; beside it is a folder of its own for proofs. */
  readonly socket: string;
  /** What commands begin with; here they may begin without it. */
  readonly prefix: () => string;
  readonly log: (message: string) => void;
}

type Take = (incoming: Incoming) => Promise<void>;

/** Terminals and cron: each connection is one command of one Unix user, in a channel of its own. */
export function terminalNetwork(options: TerminalOptions): ChatNetwork {
  const sessions = new Map<string, Session>();
  let server: Server | undefined;
  let sockets = new Set<Socket>();
  let place: SocketPlace | undefined;

  async function serve(socket: Socket, at: SocketPlace, take: Take): Promise<void> {
    const heard = await hearPeer(socket, at);
    if (heard === undefined) return;
    const { user, command, wait } = heard;
    const id = randomUUID();
    const channel = `${user}-${id.slice(0, 8)}`;
    const session = openSession(socket, wait);
    sessions.set(channel, session);
    socket.once('close', () => sessions.delete(channel));
    await take({
      kind: 'message',
      ref: { channel, id },
      sender: { id: user, shown: user },
      text: withPrefix(command, options.prefix()),
      came: session.came,
    });
  }

  return {
    name: 'terminal',
    private: true,
    can: { edit: false, threads: false, reactions: false, files: false, formatting: 'plain' },
    async start(take) {
      const at = await prepareFolder(options.socket);
      place = at;
      sockets = new Set();
      server = createServer((socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        // A peer that goes away is nobody's concern: what it asked for goes on.
        socket.on('error', () => undefined);
        serve(socket, at, take).catch((problem) => sorry(socket, problem, options.log));
      });
      server.maxConnections = MOST_CONNECTIONS;
      await listen(server, at.socket);
      await chmod(at.socket, 0o666);
    },
    async post(message) {
      sessions.get(message.channel)?.said(message);
      return { channel: message.channel, id: randomUUID() };
    },
    async edit() {
      throw new TypeError('a terminal cannot edit what it has printed');
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) =>
        server === undefined ? resolve(null) : server.close(resolve),
      );
      if (place !== undefined) await rm(place.socket, { force: true });
      server = undefined;
    },
  };
}

async function hearPeer(
  socket: Socket,
  { folder, socket: path }: SocketPlace,
): Promise<(FromPeer & { readonly user: string }) | undefined> {
  const nonce = newNonce();
  say(socket, { kind: 'prove', nonce });
  const late = setTimeout(() => socket.destroy(), SPEAKS_WITHIN_MS);
  try {
    const lines = linesOf(socket);
    const first = await lines.next();
    // It only looked whether somebody listens, or had nothing to say.
    if (first.done) return undefined;
    const asked = FromPeer.parse(JSON.parse(first.value));
    // A peer has nothing more to say, and its leaving has to be noticed.
    lines
      .next()
      .finally(() => socket.destroy())
      .catch(() => undefined);
    return { ...asked, user: await provedUser(proofPath(folder, path, nonce)) };
  } finally {
    clearTimeout(late);
  }
}

function withPrefix(command: string, prefix: string): string {
  const text = command.trim();
  return text.startsWith(prefix) ? text : `${prefix}${text}`;
}

/** Only a Failure is for the peer. */
function sorry(socket: Socket, problem: unknown, log: (message: string) => void): void {
  if (problem instanceof Failure) {
    say(socket, { kind: 'said', lines: [`${problem.message}. ${problem.next}`] });
  } else if (!socket.destroyed) {
    log(`a peer was not understood: ${rootMessage(problem)}`);
  }
  say(socket, { kind: 'end', outcome: 'failed' });
  socket.end();
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
