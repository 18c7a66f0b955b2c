import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';

const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** As OpenSSH prints it, e.g. `SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The key in a line such as `ssh-ed25519 AAAA… comment`. */
export function keyBlob(line: string): Buffer {
  return Buffer.from(line.trim().split(/\s+/)[1] ?? '', 'base64');
}

/** The key's own wire name is its first string (RFC 4253 section 6.6). */
function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

/**
 * The kind of key that we know comes first, so that a server with several shows that one. The others stay in the list: a
 * server that has lost the known kind then shows what it has, and can be refused with a fingerprint.
 */
export function hostKeyAlgorithms(known: Buffer | undefined): ServerHostKeyAlgorithm[] {
  if (known === undefined) return [...ALGORITHMS];
  const wanted = keyType(known).replace(/^ssh-rsa$/, 'rsa-sha2');
  const first = ALGORITHMS.filter((name) => name.startsWith(wanted));
  return [...first, ...ALGORITHMS.filter((name) => !first.includes(name))];
}

/** The key that was shown and refused, for whoever accepts it after comparing its fingerprint. */
export class RefusedHostKey extends Error {
  override readonly name = 'RefusedHostKey';
  readonly host: HostName;
  readonly fingerprint: string;
  /** In OpenSSH's form, `ssh-ed25519 AAAA…`. */
  readonly key: string;

  constructor(host: HostName, shown: Buffer) {
    super(`${host} shows ${fingerprint(shown)}`);
    this.host = host;
    this.fingerprint = fingerprint(shown);
    this.key = `${keyType(shown)} ${shown.toString('base64')}`;
  }
}

export function hostKeyFailure(host: HostName, shown: Buffer, known: Buffer | undefined): Failure {
  const print = fingerprint(shown);
  const accept = `run \`signalbox hostkey accept ${host} ${print}\``;
  const problem = `Host key of ${host} refused`;
  const cause = new RefusedHostKey(host, shown);
  if (known === undefined) {
    return new Failure({
      code: 'ssh.host-key-unknown',
      problem,
      because: `it shows ${keyType(shown)} ${print} and no key of it is known`,
      effect: 'none',
      next: `Compare the fingerprint with the one on the console of ${host}. If it is the same, ${accept}.`,
      cause,
    });
  }
  return new Failure({
    code: 'ssh.host-key-changed',
    problem,
    because: `it shows ${keyType(shown)} ${print} instead of ${keyType(known)} ${fingerprint(known)}`,
    effect: 'none',
    next: `If you know that ${host} was reinstalled and its console shows this fingerprint, ${accept}. Otherwise somebody may be answering in its place.`,
    cause,
  });
}
