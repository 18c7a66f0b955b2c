import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const SERVERS = ['redis-server', 'valkey-server'];

/** The first Redis or Valkey server that a PATH leads to. */
export function findServer(path: string): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const candidates = SERVERS.flatMap((server) => folders.map((folder) => join(folder, server)));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
