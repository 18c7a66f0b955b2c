import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import { type Hop, routeTo } from './route.ts';
import { type ChannelPlace, type Sharable, SharedConnection } from './shared-connection.ts';

/** An open connection to the hop before this one, and that hop. */
export interface Through<Connection> {
  readonly connection: Connection;
  readonly hop: Hop;
}

/** Thrown by `open` when what it was to go through was gone before; a new connection may do. */
export class ThroughGone extends Error {
  override readonly name = 'ThroughGone';
}

export interface PoolOptions<Connection> {
  /** Logs in at one hop. A Failure has effect `none`: nothing was run. */
  open(hop: Hop, through: Through<Connection> | undefined): Promise<Connection>;
  readonly inventory: InventorySource;
  readonly maxChannels: number;
  readonly idleMs: number;
}

export interface ConnectionPool<Connection> {
  /** A place on the connection to a host, made when there is none. Several callers share one attempt. */
  place(host: HostName, signal: AbortSignal): Promise<ChannelPlace<Connection>>;
  /** Nobody gets the connections to or through this host any more; they close when their last user is done. */
  forget(host: HostName): void;
  close(): void;
}

/** A pooled connection may turn out to be dead when it is used. */
const ATTEMPTS = 3;

interface Entry<Connection extends Sharable> {
  readonly hops: readonly Hop[];
  readonly shared: Promise<SharedConnection<Connection>>;
}

export function connectionPool<Connection extends Sharable>(
  options: PoolOptions<Connection>,
): ConnectionPool<Connection> {
  type Shared = SharedConnection<Connection>;
  const entries = new Map<string, Entry<Connection>>();

  function shared(hops: readonly Hop[]): Promise<Shared> {
    const key = JSON.stringify(hops);
    const existing = entries.get(key);
    if (existing !== undefined) return existing.shared;
    const entry: Entry<Connection> = { hops, shared: open(hops, () => drop(key, entry)) };
    entries.set(key, entry);
    return entry.shared;
  }

  function drop(key: string, entry: Entry<Connection>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  function dropShared(hops: readonly Hop[], sharing: Promise<Shared>): void {
    const key = JSON.stringify(hops);
    if (entries.get(key)?.shared === sharing) entries.delete(key);
  }

  async function open(hops: readonly Hop[], dropped: () => void): Promise<Shared> {
    try {
      const connection = await connect(hops);
      connection.gone.then(dropped);
      return new SharedConnection(connection, options);
    } catch (error) {
      dropped();
      throw error;
    }
  }

  async function connect(hops: readonly Hop[], attempts = ATTEMPTS): Promise<Connection> {
    const hop = hops.at(-1) as Hop;
    const jump = hops.at(-2);
    if (jump === undefined) return options.open(hop, undefined);
    const way = hops.slice(0, -1);
    const sharing = shared(way);
    const held = (await sharing.catch(asJump(hop, jump))).holdTunnel();
    try {
      const connection = await options.open(hop, { connection: held.connection, hop: jump });
      connection.gone.then(held.release);
      return connection;
    } catch (error) {
      held.release();
      if (!(error instanceof ThroughGone) || attempts === 1) throw causeOfGone(error);
      dropShared(way, sharing);
      return connect(hops, attempts - 1);
    }
  }

  return {
    async place(host, signal) {
      for (;;) {
        const hops = routeTo(host, options.inventory.current());
        const sharing = shared(hops);
        const place = await (await abortable(sharing, signal)).place(signal);
        if (place !== undefined) return place;
        dropShared(hops, sharing);
      }
    },
    forget(host) {
      for (const [key, entry] of entries) {
        if (!entry.hops.some((hop) => hop.host === host)) continue;
        entries.delete(key);
        entry.shared.then(
          (connection) => connection.retire(),
          () => {},
        );
      }
    },
    close() {
      for (const { shared } of entries.values()) {
        shared.then(
          (connection) => connection.close(),
          () => {},
        );
      }
      entries.clear();
    },
  };
}

function causeOfGone(error: unknown): unknown {
  return error instanceof ThroughGone ? error.cause : error;
}

/** A jump host that is down says nothing about the host behind it, so it has a code of its own. */
function asJump(hop: Hop, jump: Hop) {
  return (error: unknown): never => {
    if (!(error instanceof Failure) || error.code !== 'ssh.unreachable') throw error;
    throw new Failure({
      code: 'ssh.jump-unreachable',
      problem: `No way to ${hop.host}`,
      because: error.message,
      effect: 'none',
      next: `Nothing was run. Check the jump host ${jump.host}, then run it again.`,
      cause: error,
    });
  };
}

/** Stops waiting when the signal says so; the attempt itself goes on for the others that share it. */
function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
