import { randomBytes } from 'node:crypto';
import { type AuthContext, type ParsedKey, utils } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { type HostKeyPair, hostKeyPair } from '../../src/adapters/simulated/fleet/host-key-pair.ts';
import { sshLogin } from '../../src/lab/ssh-login.ts';

const OURS = hostKeyPair(randomBytes(32));
const STRANGER = hostKeyPair(randomBytes(32));
const BLOB = Buffer.from('what is signed');

describe('sshLogin', () => {
  it('accepts our key with its own signature, and answers the question whether it would do', () => {
    expect(login({ shown: OURS, signer: OURS })).toBe('accepted');
    expect(login({ shown: OURS })).toBe('accepted');
  });

  it('rejects another key, and our public key with a signature of somebody else', () => {
    expect(login({ shown: STRANGER, signer: STRANGER })).toBe('rejected');
    expect(login({ shown: OURS, signer: STRANGER })).toBe('rejected');
  });
});

function login({ shown, signer }: { shown: HostKeyPair; signer?: HostKeyPair }): string {
  let end = 'unanswered';
  const context = {
    method: 'publickey',
    key: { algo: 'ssh-ed25519', data: parsed(shown).getPublicSSH() },
    ...(signer ? { blob: BLOB, signature: parsed(signer).sign(BLOB) } : {}),
    accept: () => {
      end = 'accepted';
    },
    reject: () => {
      end = 'rejected';
    },
  };
  sshLogin(OURS.publicKey)(context as AuthContext);
  return end;
}

function parsed({ privateKey }: HostKeyPair): ParsedKey {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return key;
}
