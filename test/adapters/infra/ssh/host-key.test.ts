import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  hostKeyAlgorithms,
  keyBlob,
} from '../../../../src/adapters/infra/ssh/host-key.ts';

// GitHub's, as published with its fingerprint.
const ED25519 =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl comment';

describe('a host key', () => {
  it('has the fingerprint that OpenSSH prints', () => {
    expect(fingerprint(keyBlob(ED25519))).toBe(
      'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    );
  });

  it('is asked for first in its own kind, RSA with both of its newer signatures', () => {
    expect(hostKeyAlgorithms(keyBlob(ED25519))[0]).toBe('ssh-ed25519');
    const rsa = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-rsa')]);
    expect(hostKeyAlgorithms(rsa).slice(0, 2)).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(new Set(hostKeyAlgorithms(rsa)).size).toBe(hostKeyAlgorithms(undefined).length);
  });
});
