import { createHash } from 'node:crypto';
import type { SshKey } from '../../../policies/directory.ts';

const KEY = /^(?:.*\s)?((?:ssh|sk|ecdsa)-[A-Za-z0-9@.-]+)\s+([A-Za-z0-9+/]+=*)(?:\s|$)/s;

/** The key of a line as `authorized_keys` has it, options or not; undefined for what is no key. */
export function sshKey(line: string): SshKey | undefined {
  const [, type, blob] = KEY.exec(line.trim()) ?? [];
  if (type === undefined || blob === undefined) return undefined;
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return { type, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
}
