import { describe, expect, it } from 'vitest';
import { formatKnownHosts } from '../../../../src/adapters/infra/openssh/known-hosts.ts';
import { formatSshConfig } from '../../../../src/adapters/infra/openssh/ssh-config.ts';
import { HostName } from '../../../../src/domain/ids.ts';

const host = HostName.parse('builder-07');
const folder = {
  config: '/tmp/a/config',
  knownHosts: '/tmp/a/known_hosts',
  shownKeys: '/tmp/a/shown',
  socket: '/tmp/a%b/m',
  remove: async () => {},
};

function configFor(address: string, keyFile: string | undefined = '/etc/a key') {
  return formatSshConfig({
    hop: { host, address, port: 2222, user: 'signalbox' },
    folder,
    login: { keyFile, certificateFile: '/etc/a-cert.pub' },
    proxyCommand: undefined,
    connectTimeoutMs: 1,
    keepaliveMs: 10_000,
  });
}

describe('what ssh is told about a hop', () => {
  it('names the host by the inventory, and where it is by its address', () => {
    const lines = configFor('192.0.2.7').split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'HostName "192.0.2.7"',
      'Port 2222',
      'User signalbox',
      'HostKeyAlias builder-07',
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'StrictHostKeyChecking yes',
        'GlobalKnownHostsFile /dev/null',
        'BatchMode yes',
        'IdentityFile "/etc/a key"',
        'CertificateFile "/etc/a-cert.pub"',
        'ControlPath "/tmp/a%%b/m"',
        'ConnectTimeout 1',
        'ServerAliveInterval 10',
      ]),
    );
  });

  it.each(['a\nProxyCommand b', 'a" b', 'a\\'])(
    'takes no setting from an address: %j',
    (address) => {
      expect(() => configFor(address)).toThrow('Not for ssh_config');
    },
  );

  it('knows one key of the host, and those who may sign others', () => {
    expect(formatKnownHosts(host, 'ssh-ed25519 AAAA', ['ssh-rsa BBBB'])).toBe(
      'builder-07 ssh-ed25519 AAAA\n@cert-authority builder-07 ssh-rsa BBBB\n',
    );
    expect(formatKnownHosts(host, undefined, [])).toBe('');
  });
});
