import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AclUser } from './acl-users.ts';

/** For `redis-cli`: rights as they are now, and every password stays as it was. */
export function setUserLines(users: readonly AclUser[]): readonly string[] {
  return users.map(({ name, rules }) => `ACL SETUSER ${name} on ${rules.join(' ')}`);
}

/**
 * Writes `users.acl` for Redis's `aclfile`, and beside it a password for each user in a file of its own that only we may
 * read. A password that is there already is kept. Gives the files that were written.
 */
export async function writeAclFile(
  folder: string,
  users: readonly AclUser[],
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lines = ['user default off resetkeys resetchannels -@all'];
  const made: string[] = [];
  for (const { name, rules } of users) {
    const file = join(folder, `${name}.password`);
    const { password, isNew } = await passwordIn(file);
    if (isNew) made.push(file);
    lines.push(`user ${name} on #${sha256(password)} ${rules.join(' ')}`);
  }
  const file = join(folder, 'users.acl');
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return [file, ...made];
}

async function passwordIn(file: string): Promise<{ password: string; isNew: boolean }> {
  const password = randomBytes(24).toString('base64url');
  try {
    await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
    return { password, isNew: true };
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem;
    return { password: (await readFile(file, 'utf8')).trim(), isNew: false };
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
