import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Exchange } from './exchange-udp.ts';
import type { ServerAddress } from './server-address.ts';

/** The connection was made, so the message may have arrived. */
export class SentWithoutAnswer extends Error {}

/** One question over a connection of its own. Throws what the socket or the signal says; after sending, SentWithoutAnswer. */
export async function exchangeTcp(
  { host, port }: ServerAddress,
  message: Buffer,
  { isAnswer, signal }: Exchange,
): Promise<Buffer> {
  signal.throwIfAborted();
  const socket = connect({ host, port, signal });
  try {
    await once(socket, 'connect', { signal });
    socket.write(framed(message));
    return await firstAnswer(socket, { isAnswer, signal }).catch((cause: unknown) => {
      throw new SentWithoutAnswer('nothing came after it was sent', { cause });
    });
  } finally {
    socket.destroy();
  }
}

async function firstAnswer(socket: Socket, { isAnswer }: Exchange): Promise<Buffer> {
  let buffered = Buffer.alloc(0);
  for await (const part of socket as AsyncIterable<Buffer>) {
    buffered = Buffer.concat([buffered, part]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      const message = buffered.subarray(2, end);
      if (isAnswer(message)) return message;
      buffered = buffered.subarray(end);
    }
  }
  throw new Error('it closed the connection');
}

/** Over TCP each message has its length before it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
