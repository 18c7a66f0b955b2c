import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** One connection of a client, as much of RFC 6455 as Socket Mode needs: text, ping and close, none of them in pieces. */
export interface WebSocketConnection {
  send(text: string): void;
  /** Says goodbye as the protocol wants it. */
  close(): void;
  /** Cuts the line. */
  cut(): void;
}

export interface WebSocketListener {
  readonly message: (text: string) => void;
  readonly ended: () => void;
}

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  listener: WebSocketListener,
): WebSocketConnection {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${ACCEPT}`);
  const accept = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key.digest('base64')}`;
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${accept}\r\n\r\n`);
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.length);
      if (frame.opcode === TEXT) listener.message(frame.payload.toString());
      if (frame.opcode === PING) write(PONG, frame.payload);
      if (frame.opcode === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', listener.ended);

  function write(opcode: number, payload: Buffer): void {
    if (socket.writable) socket.write(frameOf(opcode, payload));
  }

  return {
    send: (text) => write(TEXT, Buffer.from(text)),
    close: () => write(CLOSE, Buffer.from([0x03, 0xe8])),
    cut: () => socket.destroy(),
  };
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Of the whole frame, in bytes. */
  readonly length: number;
}

/** Undefined while it is not there whole. What a client sends is masked. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
  const head = 2 + extra + 4;
  if (bytes.length < head) return undefined;
  const size =
    extra === 8 ? Number(bytes.readBigUInt64BE(2)) : extra === 2 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < head + size) return undefined;
  const mask = bytes.subarray(head - 4, head);
  const payload = Buffer.from(bytes.subarray(head, head + size));
  for (const [place, byte] of payload.entries()) payload[place] = byte ^ (mask[place % 4] ?? 0);
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, length: head + size };
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  head.writeUInt8(length < 126 ? length : length < 65_536 ? 126 : 127, 1);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}
