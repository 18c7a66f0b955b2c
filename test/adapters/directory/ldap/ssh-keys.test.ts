import { expect, test } from 'vitest';
import { sshKey } from '../../../../src/adapters/directory/ldap/ssh-keys.ts';

const LINE =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILxFawy6JLRjd7TOAw9JscZt1jPrsBMRKPXhaZvoMmqL ana@desk';
const KEY = {
  type: 'ssh-ed25519',
  fingerprint: 'SHA256:q9735Rl9I4YTq/6jJxLzMblZF5jYiVqp5jUs7WtO3z4',
};

test('a key has the fingerprint that OpenSSH prints, with options before it or spaces around', () => {
  expect(sshKey(LINE)).toEqual(KEY);
  expect(sshKey(`from="10.0.0.0/8",no-pty ${LINE}\n`)).toEqual(KEY);
  expect(sshKey(LINE.replace(' ana@desk', ''))).toEqual(KEY);
});

test('what is no key has none', () => {
  expect(sshKey('')).toBeUndefined();
  expect(sshKey('not a key')).toBeUndefined();
  expect(sshKey('# ssh key of ana')).toBeUndefined();
});
