import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet';

export interface NameServer {
  readonly port: number;
  /** What an A record says from now on; undefined when there is no such name. */
  set(name: string, address: string | undefined): void;
  stop(): Promise<void>;
}

const NXDOMAIN = 3;

/** Answers questions for A records over UDP on 127.0.0.1. */
export async function nameServer(): Promise<NameServer> {
  const records = new Map<string, string>();
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    const data = records.get(question?.name ?? '');
    const answers: Answer[] =
      question?.type === 'A' && data !== undefined
        ? [{ type: 'A', class: 'IN', name: question.name, ttl: 0, data }]
        : [];
    const flags = AUTHORITATIVE_ANSWER | (data === undefined ? NXDOMAIN : 0);
    const reply = encode({ id: id ?? 0, type: 'response', flags, questions, answers });
    socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    set(name, address) {
      if (address === undefined) records.delete(name);
      else records.set(name, address);
    },
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
