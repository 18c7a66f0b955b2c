import { describe, expect, it } from 'vitest';
import openSsh from '../../../../src/adapters/infra/openssh-shell.ts';

describe('the configuration of the openssh shell', () => {
  it('needs a key or an agent, and has a default for everything else', () => {
    expect(openSsh.config.parse({ 'key-file': '/etc/signalbox/id' })).toMatchObject({
      'connect-timeout-s': 20,
      'keepalive-s': 10,
      'idle-close-s': 60,
      'channels-per-connection': 8,
      'command-timeout-s': 300,
      'state-dir': '/var/lib/signalbox/claims',
    });
    expect(() => openSsh.config.parse({})).toThrow('expected either key-file or agent: true');
  });

  it('refuses a folder whose name is too long for a socket in it', () => {
    const config = { agent: true, 'control-dir': `/${'a'.repeat(70)}` };
    expect(() => openSsh.config.parse(config)).toThrow(/expected at most \d+ bytes/);
  });
});
