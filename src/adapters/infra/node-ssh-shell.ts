import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { claimedRuns } from './ssh/claimed-runs.ts';
import { type Connection, openConnection } from './ssh/connection.ts';
import { connectionPool } from './ssh/connection-pool.ts';
import { execLine } from './ssh/exec-line.ts';
import { loginKey, type SshLogin } from './ssh/login-key.ts';
import { putRemoteFile } from './ssh/put-remote-file.ts';
import { runCommand } from './ssh/run-command.ts';
import { openTunnel } from './ssh/tunnel.ts';

const Seconds = z
  .number()
  .positive()
  .max(24 * 3600);

const NodeSshConfig = z
  .strictObject({
    /** A private key without a passphrase. */
    'key-file': z.string().optional(),
    /** Keys of the SSH agent at SSH_AUTH_SOCK instead. */
    agent: z.boolean().default(false),
    'connect-timeout-s': Seconds.default(20),
    'keepalive-s': Seconds.default(10),
    'idle-close-s': Seconds.default(60),
    /** Below MaxSessions of sshd, which is 10 unless set. */
    'channels-per-connection': z.int().min(1).max(100).default(8),
    /** For commands that bring no limit of their own. */
    'command-timeout-s': Seconds.default(300),
    /** Where claims are kept on each host; made with mode 0700. It has to survive a restart of the host. */
    'state-dir': z.string().startsWith('/').default('/var/lib/signalbox/claims'),
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
    const pool = connectionPool<Connection>({
      inventory,
      async open(hop, through) {
        const tunnel = through && (await openTunnel(through, hop, readyTimeoutMs));
        return openConnection(hop, tunnel, { login, hostKeys, readyTimeoutMs, keepaliveMs });
      },
      idleMs: config['idle-close-s'] * 1000,
      maxChannels: config['channels-per-connection'],
    });
    const run = runCommand({
      pool,
      exec: execLine,
      inventory,
      limitMs: config['command-timeout-s'] * 1000,
    });
    return {
      port: {
        run,
        putFile: putRemoteFile(run),
        ...claimedRuns(run, config['state-dir']),
        async forget(host) {
          pool.forget(host);
        },
      },
      async check() {
        await loginKey(login);
        return login.kind === 'agent' ? 'keys of the SSH agent' : `key ${login.path}`;
      },
      async close() {
        pool.close();
      },
    };
  },
});
