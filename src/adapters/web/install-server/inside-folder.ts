import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** The real path of a file of the folder; undefined when there is none, or when a link leads out of it. */
export async function insideFolder(folder: string, path: string): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, path));
    return real.startsWith(root + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}
