import { readFile } from 'node:fs/promises';
import { parseCertificate } from './certificate.ts';

/**
 * For KnownHostsCommand (ssh_config(5), OpenSSH 8.5 and later). ssh runs it with the key that the host shows on this very
 * connection, so that a key that is refused can be named without asking the host again. It adds no known key.
 */
export function recordShownKey(path: string): string {
  const file = path.replaceAll('%', '%%');
  return `/bin/sh -c 'echo "$1" >>"$2"' sh %K "${file}"`;
}

/** The key that was shown last, without its certificate when it had one; undefined when the host got as far as none. */
export async function readShownKey(path: string): Promise<Buffer | undefined> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n');
  // ssh says NONE where it only asks which kinds of keys are known.
  const shown = lines.findLast((line) => line.length > 40);
  if (shown === undefined) return undefined;
  const blob = Buffer.from(shown, 'base64');
  return parseCertificate(blob)?.plainKey ?? blob;
}
