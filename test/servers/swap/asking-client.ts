import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type DecodedPacket, decode, encode } from 'dns-packet';

export interface AskingClient {
  /** Ends it, and gives how each path fared. */
  stop(): Promise<ReadonlyMap<string, Fared>>;
}

export interface Fared {
  readonly asked: number;
  readonly failed: number;
  /** The longest time in milliseconds between two answers that were good. */
  readonly longestGapMs: number;
}

interface Client {
  readonly name: string;
  /** Of a name server, as its resolver is configured. */
  readonly server: string;
  readonly port: number;
  readonly paths: readonly string[];
}

const EVERY_MS = 15;

/** Asks a service all the time, at the address that its name has, and asks DNS again only when the TTL has run out. */
export function askingClient({ name, server, port, paths }: Client): AskingClient {
  const resolver = resolverOf(name, server);
  const fared = new Map(
    paths.map((path) => [path, { asked: 0, failed: 0, longestGapMs: 0, at: 0 }]),
  );
  let isOver = false;

  async function ask(path: string): Promise<void> {
    const own = fared.get(path);
    if (own === undefined) return;
    const isGood = await resolver().then(
      (address) => isOk(address, port, path),
      () => false,
    );
    const now = performance.now();
    own.asked += 1;
    if (!isGood) own.failed += 1;
    else if (own.at > 0) own.longestGapMs = Math.max(own.longestGapMs, now - own.at);
    if (isGood) own.at = now;
  }

  const asking = (async () => {
    while (!isOver) {
      await Promise.all(paths.map(ask));
      await delay(EVERY_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await asking;
      return fared;
    },
  };
}

function resolverOf(name: string, server: string): () => Promise<string> {
  let known: { readonly address: string; readonly until: number } | undefined;
  return async () => {
    if (known !== undefined && performance.now() < known.until) return known.address;
    const { answers = [] } = await query(name, server);
    const address = answers.find(({ type }) => type === 'A');
    const ttlS = Math.min(...answers.map((answer) => ('ttl' in answer ? (answer.ttl ?? 0) : 0)));
    if (address?.type !== 'A') throw new Error(`${name} has no address`);
    known = { address: address.data, until: performance.now() + ttlS * 1_000 };
    return known.address;
  };
}

async function query(name: string, server: string): Promise<DecodedPacket> {
  const [host, port] = server.split(':');
  const socket = createSocket('udp4');
  try {
    const question = { type: 'A', name } as const;
    socket.send(encode({ type: 'query', id: 7, questions: [question] }), Number(port), host);
    const [bytes] = await once(socket, 'message', { signal: AbortSignal.timeout(5_000) });
    return decode(bytes as Buffer);
  } finally {
    socket.close();
  }
}

function isOk(host: string, port: number, path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const signal = AbortSignal.timeout(5_000);
  get({ host, port, path, agent: false, signal }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  }).on('error', () => resolve(false));
  return promise;
}
