import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { initialConfiguration } from '../adapters/config/initial-configuration.ts';
import { inventoryFromAnsible } from '../adapters/config/inventory-from-ansible.ts';
import { whyUnreadable } from '../adapters/why-unreadable.ts';
import { Failure } from '../domain/failure.ts';
import { UserId } from '../domain/ids.ts';

/**
 * Writes a first configuration and returns the files it made. Where one of them is there already, or the inventory cannot
 * be read, it writes none: a Failure.
 */
export async function init(folder: string, fromAnsible?: string): Promise<readonly string[]> {
  const files: Record<string, string> = { ...initialConfiguration(whoIsHere()) };
  if (fromAnsible !== undefined) {
    files['inventory.yaml'] = inventoryFromAnsible(fromAnsible, await textOf(fromAnsible));
  }
  const paths = Object.keys(files).map((name) => join(folder, name));
  const there = paths.filter((path) => existsSync(path));
  if (there.length > 0) throw alreadyThere(there);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { flag: 'wx' });
  }
  return paths;
}

async function textOf(inventory: string): Promise<string> {
  try {
    return await readFile(inventory, 'utf8');
  } catch (error) {
    throw new Failure({
      code: 'init.unreadable',
      problem: `Nothing was written, since ${inventory} cannot be read`,
      because: whyUnreadable(error),
      effect: 'none',
      next: 'Name an inventory file: INI, YAML, or what ansible-inventory --list prints.',
      cause: error,
    });
  }
}

function alreadyThere(paths: readonly string[]): Failure {
  return new Failure({
    code: 'init.already-there',
    problem: 'Nothing was written',
    because: `${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} there already`,
    effect: 'none',
    next: 'Name an empty folder, or move what is there out of the way.',
  });
}

/** The Unix user of this terminal becomes the first person; root is nobody's name in a directory. */
function whoIsHere(): UserId {
  const named = UserId.safeParse(userInfo().username);
  return named.success ? named.data : UserId.parse('operator');
}
