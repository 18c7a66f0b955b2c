import { access, constants, readFile } from 'node:fs/promises';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import { keyBlob } from '../ssh/host-key.ts';
import { parseCertificate } from './certificate.ts';

export interface LoginFiles {
  readonly keyFile: string | undefined;
  /** A user certificate for that key, or for one of the agent's. */
  readonly certificateFile: string | undefined;
}

/**
 * Throws a Failure when there is nothing to log in with. A certificate that is not valid now is one: ssh would leave it
 * out without a word, try the bare key and call that refused.
 */
export async function checkLogin({ keyFile, certificateFile }: LoginFiles): Promise<void> {
  if (keyFile !== undefined) await access(keyFile, constants.R_OK).catch(unreadable('key-file'));
  else if (!process.env.SSH_AUTH_SOCK) {
    throw noKey('SSH_AUTH_SOCK is not set', 'Start signalbox under an SSH agent, or set key-file.');
  }
  if (certificateFile !== undefined) await checkCertificate(certificateFile);
}

async function checkCertificate(path: string): Promise<void> {
  const line = await readFile(path, 'utf8').catch(unreadable('certificate-file'));
  const { validAfter, validBefore } = readCertificate(path, line);
  const now = Date.now();
  if (validBefore !== undefined && validBefore.getTime() <= now) {
    throw renew(`the certificate ${path} expired at ${validBefore.toISOString()}`);
  }
  if (validAfter.getTime() > now) {
    throw renew(`the certificate ${path} is not valid before ${validAfter.toISOString()}`);
  }
}

function readCertificate(path: string, line: string) {
  try {
    const certificate = parseCertificate(keyBlob(line));
    if (certificate !== undefined) return certificate;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
  throw noKey(
    `there is no certificate in ${path}`,
    'Set certificate-file to what ssh-keygen -s made.',
  );
}

function renew(because: string): Failure {
  return noKey(because, 'Nothing was run. Have the key of signalbox signed anew.');
}

function unreadable(setting: string) {
  return (cause: unknown): never => {
    throw noKey(rootMessage(cause), `Set ${setting} to a file that signalbox may read.`, cause);
  };
}

export function noKey(because: string, next: string, cause?: unknown): Failure {
  const problem = 'No key to log in with';
  return new Failure({ code: 'ssh.no-key', problem, because, effect: 'none', next, cause });
}
