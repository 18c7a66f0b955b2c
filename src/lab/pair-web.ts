import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { answers } from '../adapters/simulated/fleet/lab-host.ts';
import { PAIR_ADDRESSES } from './pair.ts';

export interface PairWeb {
  /** The same on each node. */
  readonly port: number;
  close(): Promise<void>;
}

const TRIES = 20;

/** A web service on each node of the pair. It is there while its node is. */
export async function startPairWeb(fleet: Fleet): Promise<PairWeb> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = await listen(fleet, 'node1', 0);
    const { port } = first.address() as AddressInfo;
    try {
      const servers = [first, await listen(fleet, 'node2', port)];
      return { port, close: async () => void (await Promise.all(servers.map(close))) };
    } catch {
      // Somebody has that port at the other address.
      await close(first);
    }
  }
  throw new Error('no port is free at both addresses of the pair');
}

async function listen(fleet: Fleet, node: 'node1' | 'node2', port: number): Promise<Server> {
  const server = createServer((_request, response) => {
    const isSick = fleet.world().faults.strike(node, 'check');
    response.writeHead(isSick ? 503 : 200, { 'content-type': 'text/plain' });
    response.end(isSick ? 'no\n' : `served by ${node}\n`);
  });
  server.on('connection', (socket) => {
    if (!answers(fleet.host(node))) socket.resetAndDestroy();
  });
  server.listen(port, PAIR_ADDRESSES[node]);
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
