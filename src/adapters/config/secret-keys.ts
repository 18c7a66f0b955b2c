import type { Complaint } from './config-file.ts';
import { type ConfigPart, entriesOf, problemOf } from './config-part.ts';
import type { Problem } from './problem.ts';

const SECRET_KEY =
  /(?:^|[-_.])(?:password|passwd|passphrase|token|secret|api-?key|private-?key|credentials?)$/i;
const CREDENTIALS_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.replace(/([a-z])([A-Z])/g, '$1-$2'));
}

/** Says which key it is, never what was written there. */
export function secretComplaint(key: string): Complaint {
  return {
    at: 'key',
    message: `"${key}" holds a secret, and secrets never stand in the configuration`,
    next: `write it into a file of its own and name that as "${key}-file", or set it in the environment; then change the secret, since it was here`,
    value: undefined,
  };
}

/** Every literal secret inside a part, however deep. */
export function literalSecrets(part: ConfigPart): Problem[] {
  if (typeof part.value === 'string' && CREDENTIALS_IN_URL.test(part.value)) {
    return [problemOf(part, credentialsInUrl)];
  }
  return entriesOf(part).flatMap(({ key, part: inner }) =>
    isSecretKey(key) && isLiteral(inner.value)
      ? [problemOf(inner, secretComplaint(key))]
      : literalSecrets(inner),
  );
}

const credentialsInUrl: Complaint = {
  message: 'a password stands in this address, and secrets never stand in the configuration',
  expected: 'an address without a user and a password',
  next: 'take them out of the address and give the password by a file or the environment',
  value: undefined,
};

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
