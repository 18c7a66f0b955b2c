import { execFile } from 'node:child_process';
import { lstat, rmdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { PROOF_MODE } from './challenge.ts';

const run = promisify(execFile);
const GETENT_TAKES_MS = 5_000;

/** The Unix user who made a proof. A Failure where there is none, or it proves nothing. It is gone afterwards. */
export async function provedUser(proof: string): Promise<string> {
  const made = await lstat(proof).catch((problem: unknown) => {
    throw notProved(rootMessage(problem));
  });
  try {
    if (!made.isDirectory()) throw notProved('what was made is no directory');
    if ((made.mode & 0o7777) !== PROOF_MODE) {
      throw notProved('others than its owner may write in what was made');
    }
    return await nameOf(made.uid);
  } finally {
    // The peer takes it away as well.
    await rmdir(proof).catch(() => undefined);
  }
}

/** Also of users whom LDAP or sssd knows, which /etc/passwd does not say. */
async function nameOf(uid: number): Promise<string> {
  try {
    const { stdout } = await run('getent', ['passwd', String(uid)], { timeout: GETENT_TAKES_MS });
    const [name = ''] = stdout.split(':');
    if (name !== '') return name;
    throw new Error('it has no name');
  } catch (problem) {
    throw notProved(`user ${uid} cannot be named: ${rootMessage(problem)}`);
  }
}

function notProved(because: string): Failure {
  return new Failure({
    code: 'terminal.not-proved',
    problem: 'The bot cannot tell which user this is',
    because,
    effect: 'none',
    next: 'Try again; then look whether the folder of the socket is on this machine, and what getent passwd says.',
  });
}
