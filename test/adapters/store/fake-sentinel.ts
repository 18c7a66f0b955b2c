import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A Sentinel and the primary that it names, as far as a client sees them while a failover goes on. */
export interface FakeSentinel {
  /** `redis+sentinel://…` */
  readonly url: string;
  /** Connections that listen for failovers. */
  listeners(): number;
  /** From now on nobody who asks where the primary is gets an answer. */
  hold(): void;
  /** How many wait for that answer. */
  held(): number;
  letGo(): void;
  /** The primary closes its connections. */
  drop(): void;
  saysThatItSwitched(): void;
  close(): void;
}

const NAME = 'farm';
const SWITCH = '+switch-master';

export async function fakeSentinel(): Promise<FakeSentinel> {
  const clients = new Set<Socket>();
  const listening = new Set<Socket>();
  let waiting: (() => void)[] | undefined;
  const primary = await serverOf((socket, [command = '']) => {
    clients.add(socket);
    socket.write(command === 'INFO' ? bulk('role:master') : reply(command));
  });
  const place = array('127.0.0.1', String(portOf(primary)));
  const sentinel = await serverOf((socket, [command = '', what = '']) => {
    const subject = what.toLowerCase();
    if (command === 'SUBSCRIBE') {
      listening.add(socket);
      socket.once('close', () => listening.delete(socket));
      socket.write(`*3\r\n${bulk('subscribe')}${bulk(SWITCH)}:1\r\n`);
    } else if (subject !== 'get-master-addr-by-name') {
      socket.write(subject === 'sentinels' ? '*0\r\n' : reply(command));
    } else if (waiting) {
      waiting.push(() => socket.write(place));
    } else {
      socket.write(place);
    }
  });
  return {
    url: `redis+sentinel://127.0.0.1:${portOf(sentinel)}/${NAME}`,
    listeners: () => listening.size,
    hold() {
      waiting = [];
    },
    held: () => waiting?.length ?? 0,
    letGo() {
      for (const answer of waiting ?? []) answer();
      waiting = undefined;
    },
    drop() {
      for (const socket of clients) socket.destroy();
      clients.clear();
    },
    saysThatItSwitched() {
      for (const socket of listening) socket.write(array('message', SWITCH, NAME));
    },
    close() {
      for (const server of [primary, sentinel]) server.close();
      for (const socket of [...clients, ...listening]) socket.destroy();
    },
  };
}

type Take = (socket: Socket, words: readonly string[]) => void;

async function serverOf(take: Take): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const words of commandsIn(String(bytes))) take(socket, words);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Whole commands, as arrays of bulk strings without line breaks (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
function commandsIn(text: string): readonly (readonly string[])[] {
  const commands = text.split(/\*\d+\r\n(?=\$)/).filter((one) => one !== '');
  return commands.map((one) => {
    const [command = '', ...rest] = one.split('\r\n').filter((_, place) => place % 2 === 1);
    return [command.toUpperCase(), ...rest];
  });
}

function reply(command: string): string {
  return command === 'HELLO' ? "-ERR unknown command 'HELLO'\r\n" : '+OK\r\n';
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function array(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map(bulk).join('')}`;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
