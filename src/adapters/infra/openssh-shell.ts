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
import { pooledShell } from './ssh/pooled-shell.ts';
import { shellSettings } from './ssh/shell-settings.ts';

const Path = z.string().startsWith('/', 'expected a path from the root');

const OpenSshConfig = z
  .strictObject({
    /** A private key without a passphrase. */
    'key-file': Path.optional(),
    /** A user certificate for that key. */
    'certificate-file': Path.optional(),
    /** Public keys of those who sign host keys. A host with a certificate of theirs needs no key on record. */
    'host-ca-file': Path.optional(),
    /** Where sockets are made, each in a folder with mode 0700. */
    'control-dir': Path.refine((path) => Buffer.byteLength(path) <= LONGEST_CONTROL_DIR, {
      message: `expected at most ${LONGEST_CONTROL_DIR} bytes, as names of sockets are short`,
    }).default(() => shortTemporaryDir()),
    ...shellSettings,
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
    const { port, close } = pooledShell<Master>(
      {
        inventory,
        open: async (hop, through) => masters.add(await openMaster(hop, through, options)),
        exec: execThroughMaster,
      },
      config,
    );
    return {
      port,
      async check() {
        await checkLogin(login);
        await hostAuthorities(options.hostCaFile);
        const version = await clientVersion();
        return login.keyFile === undefined
          ? `${version}, keys of the SSH agent`
          : `${version}, key ${login.keyFile}`;
      },
      async close() {
        close();
        await masters.end();
      },
    };
  },
});

function shortTemporaryDir(): string {
  return Buffer.byteLength(tmpdir()) <= LONGEST_CONTROL_DIR ? tmpdir() : '/tmp';
}
