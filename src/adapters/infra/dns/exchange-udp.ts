import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ServerAddress } from './server-address.ts';

export interface Exchange {
  /** Whether these bytes are the answer. Others are passed over: anybody may send us something. */
  readonly isAnswer: (bytes: Buffer) => boolean;
  readonly signal: AbortSignal;
}

/** Sent again where nothing came for so long; what is sent so only reads. */
const AGAIN_AFTER_MS = 800;

/** One question in one datagram, from a port of its own. Throws what the socket or the signal says. */
export async function exchangeUdp(
  { host, port }: ServerAddress,
  message: Buffer,
  { isAnswer, signal }: Exchange,
): Promise<Buffer> {
  signal.throwIfAborted();
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.on('error', reject);
  socket.on('message', (bytes) => {
    if (isAnswer(bytes)) resolve(bytes);
  });
  const send = () => socket.send(message);
  let again: NodeJS.Timeout | undefined;
  // Connected, it takes datagrams of that server only, and hears when nobody listens there.
  socket.connect(port, host, () => {
    send();
    again = setInterval(send, AGAIN_AFTER_MS);
  });
  try {
    return await promise;
  } finally {
    clearInterval(again);
    signal.removeEventListener('abort', abort);
    socket.close();
  }
}
