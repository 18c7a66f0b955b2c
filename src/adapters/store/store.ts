import { Redis, type RedisOptions } from 'ioredis';
import { rootMessage } from '../../domain/failure.ts';
import { blockingOptions, commandOptions, ringingOptions } from './connection.ts';

const OPTIONS = {
  commands: commandOptions,
  blocking: blockingOptions,
  ringing: ringingOptions,
} as const satisfies Record<string, RedisOptions>;

type ConnectionUse = keyof typeof OPTIONS;
/** What answers look like is for each reader to say. */
export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;
export type Log = (message: string) => void;

/** A Redis or Valkey that is up, and the way to it. */
export interface Store {
  /** What to call it before people. Never holds a password. */
  readonly name: string;
  /** False when nothing in it will survive. */
  readonly durable: boolean;
  /** How many replicas have to have what is accepted before it counts. */
  readonly replicas: number;
  /** One more connection, set up for its use and closed with the store. */
  connection(use: ConnectionUse): Redis;
  /** Closes its connections, and stops the server if it is ours. Twice is harmless. */
  close(): Promise<void>;
}

export interface StoreParts {
  readonly name: string;
  readonly durable: boolean;
  /** A URL or the path of a socket, or all that connections have in common. */
  readonly address: string | ConnectionOptions;
  readonly log: Log;
  /** After the connections are closed. */
  stop(): Promise<void>;
}

export function storeAt({ name, durable, address, log, stop }: StoreParts): Store {
  const connections = new Set<Redis>();
  let closed: Promise<void> | undefined;
  return {
    name,
    durable,
    replicas: 0,
    connection(use) {
      const options: ConnectionOptions = OPTIONS[use];
      const connection =
        typeof address === 'string'
          ? new Redis(address, options)
          : new Redis({ ...address, ...options });
      // What we cut off ourselves complains as well, and nobody has to hear that.
      connection.on('error', (error) => {
        if (closed === undefined) log(`${name}: ${rootMessage(error)}`);
      });
      connections.add(connection);
      return connection;
    },
    close() {
      for (const connection of connections) connection.disconnect();
      closed ??= stop();
      return closed;
    },
  };
}
