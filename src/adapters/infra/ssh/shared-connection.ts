/** What can be shared: a connection to one host. */
export interface Sharable {
  /** Says why, once it is gone; never rejects. */
  readonly gone: Promise<string>;
  close(): void;
}

/** A place for one channel on a connection. Given back exactly once. */
export interface ChannelPlace<Connection> {
  readonly connection: Connection;
  release(): void;
  /** Gives the place back and lets nobody else have this connection: something may still occupy it at the far end. */
  retire(): void;
  /** The server took no further channel; true when waiting for another to end can help. */
  tooMany(): boolean;
}

/** One connection and those who use it. It closes when nobody has used it for a while, or as soon as it is retired and left. */
export class SharedConnection<Connection extends Sharable> {
  private readonly connection: Connection;
  private readonly idleMs: number;
  private maxChannels: number;
  private channels = 0;
  private tunnels = 0;
  private retired = false;
  private waiting: (() => void)[] = [];
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    { maxChannels, idleMs }: { maxChannels: number; idleMs: number },
  ) {
    this.connection = connection;
    this.maxChannels = maxChannels;
    this.idleMs = idleMs;
    connection.gone.then(() => this.retire());
    this.left();
  }

  /** Waits for a place; undefined when this connection takes nobody any more and another one is needed. */
  async place(signal: AbortSignal): Promise<ChannelPlace<Connection> | undefined> {
    while (!this.retired && this.channels >= this.maxChannels) await this.turn(signal);
    signal.throwIfAborted();
    if (this.retired) return undefined;
    this.channels += 1;
    clearTimeout(this.idleTimer);
    return this.newPlace();
  }

  /** For a connection that runs inside this one. Tunnels do not count against MaxSessions (sshd_config(5)). */
  holdTunnel(): { readonly connection: Connection; release(): void } {
    this.tunnels += 1;
    clearTimeout(this.idleTimer);
    const release = once(() => {
      this.tunnels -= 1;
      this.left();
    });
    return { connection: this.connection, release };
  }

  retire(): void {
    this.retired = true;
    this.wake();
    this.left();
  }

  close(): void {
    this.retire();
    this.connection.close();
  }

  private newPlace(): ChannelPlace<Connection> {
    const release = once(() => {
      this.channels -= 1;
      this.wake();
      this.left();
    });
    return {
      connection: this.connection,
      release,
      retire: () => {
        this.retired = true;
        release();
      },
      tooMany: () => {
        if (this.channels < 2) return false;
        this.maxChannels = Math.max(1, Math.min(this.maxChannels, this.channels - 1));
        return true;
      },
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      this.waiting.push(wake);
      if (signal.aborted) wake();
    });
  }

  private wake(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake();
  }

  private left(): void {
    if (this.channels + this.tunnels > 0) return;
    clearTimeout(this.idleTimer);
    if (this.retired) {
      this.connection.close();
      return;
    }
    this.idleTimer = setTimeout(() => this.close(), this.idleMs);
    this.idleTimer.unref();
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
