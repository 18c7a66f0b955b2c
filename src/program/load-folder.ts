import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The default exports of a folder's files, by file name. Nothing is registered anywhere else. */
export async function loadFolder<Definition>(folder: string): Promise<readonly Definition[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /(?<!\.d)\.[jt]s$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
  return Promise.all(files.map((file) => defaultOf<Definition>(join(folder, file))));
}

async function defaultOf<Definition>(path: string): Promise<Definition> {
  const module: { default?: Definition } = await import(pathToFileURL(path).href);
  if (module.default === undefined) throw new Error(`${path} has no default export`);
  return module.default;
}
