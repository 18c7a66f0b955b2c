import { join } from 'node:path';

/** Where the socket for terminals is when the configuration names none. */
export function socketIn(dataDir: string): string {
  return join(dataDir, 'terminal', 'socket');
}
