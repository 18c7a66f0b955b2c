import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { framed } from '../../adapters/infra/dns/exchange-tcp.ts';
import { readRawMessage } from '../../adapters/infra/dns/raw-records.ts';
import type { TsigKey } from '../../adapters/infra/dns/tsig-key.ts';
import { UPDATE_OPCODE } from '../../adapters/infra/dns/update-message.ts';
import {
  shownBy,
  type WorldServer,
  type ZoneWorld,
} from '../../adapters/simulated/dns/zone-world.ts';
import { answerQuery } from './answer-query.ts';
import { answerUpdate, plain } from './answer-update.ts';
import { RCODE } from './codes.ts';

export interface LabNameServers {
  /** Where each server of the zone listens, by its name: `127.0.0.1:34215`. */
  readonly addresses: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export interface LabNameServersOptions {
  /** The primary takes updates that are signed with it. */
  readonly key: TsigKey;
  /** The wall clock when absent. */
  readonly now?: () => number;
}

/** The servers of a zone on loopback, over UDP and TCP. The first of them takes updates. */
export async function startNameServers(
  world: ZoneWorld,
  { key, now = Date.now }: LabNameServersOptions,
): Promise<LabNameServers> {
  const desk = { world, key, now };
  const started = world.servers.map(async (server) => {
    const respond = (bytes: Buffer, overUdp: boolean) => answer(desk, server, bytes, overUdp);
    return { name: server.name, ...(await listen(respond)) };
  });
  const servers = await Promise.all(started);
  return {
    addresses: new Map(servers.map(({ name, port }) => [name, `127.0.0.1:${port}`])),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

type Respond = (bytes: Buffer, overUdp: boolean) => Buffer | undefined;

/** Undefined where nothing is answered: to an answer, or by a server that is down. */
function answer(
  desk: { readonly world: ZoneWorld; readonly key: TsigKey; readonly now: () => number },
  server: WorldServer,
  bytes: Buffer,
  overUdp: boolean,
): Buffer | undefined {
  if (server.down || bytes.length < 12) return undefined;
  try {
    const message = readRawMessage(bytes);
    if (message.isAnswer) return undefined;
    if (message.opcode === UPDATE_OPCODE) {
      const isPrimary = server === desk.world.servers[0];
      return isPrimary ? answerUpdate(desk, bytes, message) : plain(bytes, RCODE.REFUSED);
    }
    if (message.opcode !== 0) return plain(bytes, RCODE.NOTIMP);
    return answerQuery(desk.world, shownBy(desk.world, server), { bytes, message, overUdp });
  } catch {
    return plain(bytes, RCODE.FORMERR);
  }
}

async function listen(respond: Respond) {
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveTcp(socket, respond);
  });
  const { port, udp } = await onOnePort(tcp);
  udp.on('message', (bytes, { port: to, address }) => {
    const said = respond(bytes, true);
    if (said !== undefined) udp.send(said, to, address);
  });
  return {
    port,
    async close() {
      udp.close();
      tcp.close();
      for (const socket of sockets) socket.destroy();
      await once(tcp, 'close');
    },
  };
}

/** The port that TCP was given may be taken for UDP; then another is tried. */
async function onOnePort(tcp: Server): Promise<{ port: number; udp: UdpSocket }> {
  for (;;) {
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket('udp4');
    udp.bind(port, '127.0.0.1');
    const isFree = await once(udp, 'listening').then(
      () => true,
      () => false,
    );
    if (isFree) return { port, udp };
    udp.close();
    tcp.close();
    await once(tcp, 'close');
  }
}

function serveTcp(socket: Socket, respond: Respond): void {
  let buffered = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (part) => {
    buffered = Buffer.concat([buffered, part]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      const said = respond(buffered.subarray(2, end), false);
      if (said !== undefined) socket.write(framed(said));
      buffered = buffered.subarray(end);
    }
  });
}
