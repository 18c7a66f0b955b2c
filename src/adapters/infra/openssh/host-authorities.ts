import { readFile } from 'node:fs/promises';
import { Failure, rootMessage } from '../../../domain/failure.ts';

const KEY = /(?:^|\s)((?:ssh|ecdsa|sk)-\S+\s+AAAA[A-Za-z0-9+/]+=*)(?:\s|$)/;

/**
 * Public keys of those who sign host keys: one per line, plain or as a line of known_hosts. Read anew for each connection,
 * so that a new authority needs no restart. None without a file; a file without a key is a Failure.
 */
export async function hostAuthorities(path: string | undefined): Promise<readonly string[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw noAuthority(rootMessage(cause), cause);
  });
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const keys = lines.flatMap((line) => KEY.exec(line)?.[1] ?? []);
  if (keys.length === 0) throw noAuthority(`there is no public key in ${path}`);
  return keys;
}

function noAuthority(because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'ssh.no-host-ca',
    problem: 'No authority to check host certificates with',
    because,
    effect: 'none',
    next: 'Nothing was run. Set host-ca-file to a file with the public keys of those who sign host keys.',
    cause,
  });
}
