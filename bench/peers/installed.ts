import { execFile } from 'node:child_process';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const { XDG_CACHE_HOME = join(homedir(), '.cache') } = process.env;

/**
 * A folder of the user's cache with a peer of this name and version, which `commands` install there when it is wanted
 * for the first time.
 */
export async function installed(
  name: string,
  commands: (folder: string) => readonly (readonly string[])[],
): Promise<string> {
  const folder = join(XDG_CACHE_HOME, 'signalbox-bench', name);
  const complete = join(folder, 'complete');
  if (await exists(complete)) return folder;
  process.stderr.write(`installing ${name} in ${folder} …\n`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [program = '', ...words] of commands(folder)) await run(program, words);
  await writeFile(complete, '');
  return folder;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
