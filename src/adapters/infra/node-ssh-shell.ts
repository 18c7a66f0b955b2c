import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { type Connection, openConnection } from './ssh/connection.ts';
import { execLine } from './ssh/exec-line.ts';
import { loginKey, type SshLogin } from './ssh/login-key.ts';
import { pooledShell } from './ssh/pooled-shell.ts';
import { shellSettings } from './ssh/shell-settings.ts';
import { openTunnel } from './ssh/tunnel.ts';

const NodeSshConfig = z
  .strictObject({
    /** A private key without a passphrase. */
    'key-file': z.string().optional(),
    ...shellSettings,
  })
  .refine((config) => config.agent !== (config['key-file'] !== undefined), {
    message: 'expected either key-file or agent: true',
  });

export default defineDriver({
  port: 'shell',
  product: 'node-ssh',
  config: NodeSshConfig,
  connect(config, { inventory, hostKeys }) {
    const login: SshLogin =
      config['key-file'] === undefined
        ? { kind: 'agent' }
        : { kind: 'key-file', path: config['key-file'] };
    const readyTimeoutMs = config['connect-timeout-s'] * 1000;
    const keepaliveMs = config['keepalive-s'] * 1000;
    const { port, close } = pooledShell<Connection>(
      {
        inventory,
        async open(hop, through) {
          const tunnel = through && (await openTunnel(through, hop, readyTimeoutMs));
          return openConnection(hop, tunnel, { login, hostKeys, readyTimeoutMs, keepaliveMs });
        },
        exec: execLine,
      },
      config,
    );
    return {
      port,
      async check() {
        await loginKey(login);
        return login.kind === 'agent' ? 'keys of the SSH agent' : `key ${login.path}`;
      },
      async close() {
        close();
      },
    };
  },
});
