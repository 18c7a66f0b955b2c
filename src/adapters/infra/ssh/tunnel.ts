import type { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';
import type { Through } from './connection-pool.ts';
import type { Hop } from './route.ts';
import { unreachable } from './unreachable.ts';

/** A stream from a jump host to the next hop. The jump host's own attempt may take minutes, so it has a limit here. */
export function openTunnel(
  { connection, hop: jump }: Through<Connection>,
  next: Hop,
  limitMs: number,
): Promise<Duplex> {
  const { host, address, port } = next;
  return new Promise((resolve, reject) => {
    const fail = (because: string, cause?: unknown) =>
      reject(unreachable(host, `${address}:${port} from ${jump.host}: ${because}`, cause));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      fail(`no connection within ${limitMs} ms`);
    }, limitMs);
    const ignore = connection.whenGone(fail);
    connection.client.forwardOut('127.0.0.1', 0, address, port, (error, stream) => {
      clearTimeout(timer);
      ignore();
      if (error) return fail(error.message, error);
      if (late) stream.destroy();
      resolve(stream);
    });
  });
}
