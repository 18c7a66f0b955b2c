import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Takes a folder for this process until it ends; undefined while another one on this machine has it. Two that use the same
 * keys would spoil them for both.
 */
export async function onlyUserOf(folder: string): Promise<(() => void) | undefined> {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  try {
    // Not a file: the name is free when the process is gone.
    server.listen(`\0signalbox-keys-${name}`);
    await once(server, 'listening');
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw problem;
  }
  server.unref();
  return () => void server.close();
}
