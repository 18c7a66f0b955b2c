import { SentinelConnector } from 'ioredis';

type Connect = SentinelConnector['connect'];

/**
 * ioredis's own, but for one thing. Its look-out for failovers, which belongs to a connection, goes on after that one broke; told
 * of a failover while the next is being made it cuts that off, and a connection that is cut off then is never made again. So
 * the look-out goes first; the new connection gets one of its own.
 */
export class LastingSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as ConstructorParameters<typeof SentinelConnector>[0]);
  }

  override connect(...args: Parameters<Connect>): ReturnType<Connect> {
    this.disconnect();
    return super.connect(...args);
  }
}
