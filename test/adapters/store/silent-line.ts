import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The way to a store through a firewall that forgets connections. */
export interface SilentLine {
  readonly port: number;
  /** How many connections were made through it so far. */
  connections(): number;
  /** Nothing passes any more on the connections that there are, and nobody is told; new ones pass. */
  forget(): void;
  close(): void;
}

export async function silentLine(storePort: number): Promise<SilentLine> {
  const ends: Socket[] = [];
  let connections = 0;
  const server = createServer((near) => {
    connections += 1;
    const far = connect(storePort, '127.0.0.1');
    for (const end of [near, far]) end.on('error', () => {});
    near.pipe(far).pipe(near);
    ends.push(near, far);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    forget() {
      for (const end of ends) end.unpipe().pause();
    },
    close() {
      for (const end of ends) end.destroy();
      server.close();
    },
  };
}
