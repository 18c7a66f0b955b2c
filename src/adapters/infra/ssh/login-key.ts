import { readFile } from 'node:fs/promises';
import { Failure, rootMessage } from '../../../domain/failure.ts';

export type SshLogin =
  | { readonly kind: 'key-file'; readonly path: string }
  | { readonly kind: 'agent' };

export type LoginKey = { readonly privateKey: string } | { readonly agent: string };

/** Read anew for each connection, so that a replaced key needs no restart. */
export async function loginKey(login: SshLogin): Promise<LoginKey> {
  if (login.kind === 'agent') {
    const agent = process.env.SSH_AUTH_SOCK;
    if (agent) return { agent };
    throw noKey('SSH_AUTH_SOCK is not set', 'Start signalbox under an SSH agent, or set key-file.');
  }
  try {
    return { privateKey: await readFile(login.path, 'utf8') };
  } catch (cause) {
    throw noKey(
      rootMessage(cause),
      'Set key-file to a private key that signalbox may read.',
      cause,
    );
  }
}

function noKey(because: string, next: string, cause?: unknown) {
  const problem = 'No key to log in with';
  return new Failure({ code: 'ssh.no-key', problem, because, effect: 'none', next, cause });
}
