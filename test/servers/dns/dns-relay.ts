import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a server and passes on what comes, but for what it is told to lose. */
export interface DnsRelay {
  readonly port: number;
  /** What is asked over TCP next and has this in it arrives, and its answer does not come back. */
  loseNextAnswer(to?: string): void;
  /** How often something was asked over TCP. */
  readonly connections: number;
  close(): Promise<void>;
}

/** To a server at a port of loopback, over UDP and TCP. */
export async function dnsRelay(to: number): Promise<DnsRelay> {
  let losing: string | undefined;
  let connections = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    return socket;
  };

  const tcp = createServer({ allowHalfOpen: true }, (asker) => {
    connections += 1;
    const server = keep(connect(to, '127.0.0.1'));
    keep(asker).once('data', (first) => {
      const lost = losing !== undefined && first.includes(losing);
      if (lost) losing = undefined;
      server.write(first);
      asker.pipe(server);
      if (lost) server.resume();
      else server.pipe(asker);
    });
    server.on('error', () => asker.destroy());
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;

  const udp = createSocket('udp4');
  udp.on('message', (message, asker) => passOn(message, asker));
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');

  function passOn(message: Buffer, asker: RemoteInfo): void {
    const once = createSocket('udp4');
    once.on('message', (answer) => {
      udp.send(answer, asker.port, asker.address);
      once.close();
    });
    once.on('error', () => once.close());
    once.connect(to, '127.0.0.1', () => once.send(message));
  }

  let closed: Promise<void> | undefined;
  async function end(): Promise<void> {
    tcp.close();
    udp.close();
    for (const socket of sockets) socket.destroy();
    await once(tcp, 'close');
  }
  return {
    port,
    loseNextAnswer: (wanted = '') => {
      losing = wanted;
    },
    get connections() {
      return connections;
    },
    close: () => {
      closed ??= end();
      return closed;
    },
  };
}
