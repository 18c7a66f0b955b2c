import { tmpdir } from 'node:os';
import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { clientVersion } from './openssh/client-version.ts';
import { execThroughMaster } from './openssh/exec-through-master.ts';
import { hostAuthorities } from './openssh/host-authorities.ts';
import { checkLogin } from './openssh/login-files.ts';
import { type Master, openMaster } from './openssh/master.ts';
import { LONGEST_CONTROL_DIR } from './openssh/master-folder.ts';
import { mastersInUse } from './openssh/masters-in-use.ts';
import { claimedRuns } from './ssh/claimed-runs.ts';
import { connectionPool } from './ssh/connection-pool.ts';
import { putRemoteFile } from './ssh/put-remote-file.ts';
import { runCommand } from './ssh/run-command.ts';

const Seconds = z
  .number()
  .positive()
  .max(24 * 3600);
const Path = z.string().startsWith('/', 'expected a path from the root');

const OpenSshConfig = z
  .strictObject({
    /** A private key without a passphrase. */
    'key-file': Path.optional(),
    /** Keys of the SSH agent at SSH_AUTH_SOCK instead. */
    agent: z.boolean().default(false),
    /** A user certificate for that key. */
    'certificate-file': Path.optional(),
    /** Public keys of those who sign host keys. A host with a certificate of theirs needs no key on record. */
    'host-ca-file': Path.optional(),
    /** Where sockets are made, each in a folder with mode 0700. */
    'control-dir': Path.refine((path) => Buffer.byteLength(path) <= LONGEST_CONTROL_DIR, {
      message: `expected at most ${LONGEST_CONTROL_DIR} bytes, as names of sockets are short`,
    }).default(() => shortTemporaryDir()),
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
  product: 'openssh',
  config: OpenSshConfig,
  connect(config, { inventory, hostKeys }) {
    const login = { keyFile: config['key-file'], certificateFile: config['certificate-file'] };
    const masters = mastersInUse();
    const options = {
      login,
      hostKeys,
      hostCaFile: config['host-ca-file'],
      controlDir: config['control-dir'],
      readyTimeoutMs: config['connect-timeout-s'] * 1000,
      keepaliveMs: config['keepalive-s'] * 1000,
      persistSeconds: Math.ceil(config['idle-close-s']) + 60,
    };
    const pool = connectionPool<Master>({
      inventory,
      open: async (hop, through) => masters.add(await openMaster(hop, through, options)),
      idleMs: config['idle-close-s'] * 1000,
      maxChannels: config['channels-per-connection'],
    });
    const run = runCommand({
      pool,
      exec: execThroughMaster,
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
        await checkLogin(login);
        await hostAuthorities(options.hostCaFile);
        const version = await clientVersion();
        return login.keyFile === undefined
          ? `${version}, keys of the SSH agent`
          : `${version}, key ${login.keyFile}`;
      },
      async close() {
        pool.close();
        await masters.end();
      },
    };
  },
});

function shortTemporaryDir(): string {
  return Buffer.byteLength(tmpdir()) <= LONGEST_CONTROL_DIR ? tmpdir() : '/tmp';
}
