import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import ssh2 from 'ssh2';

export interface FakeSshServer {
  readonly port: number;
  readonly hostKey: string;
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

/** What the server does when a client asks for a session: it may accept, or break something. */
export type OnSession = (accept: () => ssh2.Session, socket: Socket, count: number) => void;

const KEY = ssh2.utils.generateKeyPairSync('ed25519');

/** An SSH server in this process that lets everybody in and can misbehave at each moment. */
export async function fakeSshServer(onSession: OnSession): Promise<FakeSshServer> {
  const sockets: Socket[] = [];
  let count = 0;
  const server = new ssh2.Server({ hostKeys: [KEY.private] });
  server.on('connection', (client) => {
    const socket = sockets.at(-1) as Socket;
    client.on('error', () => {});
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => {
      count += 1;
      onSession(accept, socket, count);
    });
  });
  const listener = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    server.injectSocket(socket);
  });
  const port = await listening(listener);
  return {
    port,
    hostKey: KEY.public.trim(),
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Accepts connections and then does what it is told, which may be nothing. */
export async function fakeTcpServer(onSocket: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  const port = await listening(listener);
  return {
    port,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

async function listening(listener: ReturnType<typeof createServer>): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

/** A session in which every command says hello and ends well. */
export const wellBehaved: OnSession = (accept) => {
  accept().on('exec', (acceptExec) => {
    const channel = acceptExec();
    channel.write('hello\n');
    channel.exit(0);
    channel.end();
  });
};
