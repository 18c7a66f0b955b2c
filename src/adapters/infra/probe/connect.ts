import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Misbehaviour } from './came.ts';

const DAY_MS = 24 * 3_600_000;

/** Ends with a connection; its errors are those of the system. The signal ends it at any time, also later. */
export async function openConnection(
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connectTcp({ host: address, port });
  const end = () => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', end, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', end));
  await settled(socket, 'connect');
  return socket;
}

/** TLS over a connection, with the certificate verified for the name. */
export async function secure(
  socket: Socket,
  name: string,
  authorities: readonly string[] | undefined,
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    servername: name,
    ALPNProtocols: ['http/1.1'],
    ...(authorities && { ca: [...authorities] }),
  });
  await settled(secured, 'secureConnect');
  return secured;
}

/** Whole days, of the certificate that was shown. */
export function daysLeft(socket: TLSSocket, now: number): number {
  const until = Date.parse(socket.getPeerCertificate().valid_to);
  if (Number.isNaN(until)) throw new Misbehaviour('a certificate whose end cannot be read');
  return Math.floor((until - now) / DAY_MS);
}

function settled(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    // It stays: what fails later is heard by whoever reads, and must not end the process.
    socket.on('error', reject);
    socket.once('close', () => reject(new Misbehaviour('the connection was closed')));
  });
}
