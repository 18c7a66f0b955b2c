import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { initialConfiguration } from '../adapters/config/initial-configuration.ts';
import { inventoryFromAnsible } from '../adapters/config/inventory-from-ansible.ts';
import { UserId } from '../domain/ids.ts';

/** Writes a first configuration and returns the files it made. A file that is there already is never touched: it throws. */
export async function init(folder: string, fromAnsible?: string): Promise<readonly string[]> {
  const files: Record<string, string> = { ...initialConfiguration(whoIsHere()) };
  if (fromAnsible !== undefined) {
    files['inventory.yaml'] = inventoryFromAnsible(
      fromAnsible,
      await readFile(fromAnsible, 'utf8'),
    );
  }
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { flag: 'wx' });
  }
  return Object.keys(files).map((name) => join(folder, name));
}

/** The Unix user of this terminal becomes the first person; root is nobody's name in a directory. */
function whoIsHere(): UserId {
  const named = UserId.safeParse(userInfo().username);
  return named.success ? named.data : UserId.parse('operator');
}
