import type { Duplex } from 'node:stream';
import { type Connection, type Hop, unreachable } from './connection.ts';

/** A stream from a jump host to the next hop. The jump host's own attempt may take minutes, so it has a limit here. */
export function openTunnel(
  through: Connection,
  jump: Hop,
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
    through.gone.then((because) => fail(because));
    through.client.forwardOut('127.0.0.1', 0, address, port, (error, stream) => {
      clearTimeout(timer);
      if (error) return fail(error.message, error);
      if (late) stream.destroy();
      resolve(stream);
    });
  });
}
