import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from './run-program.ts';

/** Copies programs of this machine into a root tree, each with the libraries that it needs. */
export async function copyPrograms(programs: readonly string[], root: string): Promise<void> {
  const files = new Set<string>();
  for (const program of programs) {
    files.add(program);
    for (const library of await librariesOf(program)) files.add(library);
  }
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await copyFile(await realpath(file), join(root, file));
  }
}

async function librariesOf(program: string): Promise<readonly string[]> {
  const listed = await runProgram('ldd', [program]);
  return [...listed.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? []);
}
