import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { defineDriver } from '../driver.ts';
import { ansibleVersion } from './ansible/ansible-version.ts';
import { playbookSource } from './ansible/playbook-source.ts';
import { playbookRunner } from './ansible/run-playbook.ts';
import type { SshLogin } from './ssh/login-key.ts';

const Seconds = z
  .number()
  .positive()
  .max(24 * 3600);

const CLONE = 'expected a clone on this machine, such as /srv/playbooks or file:///srv/playbooks';
const Repository = z
  .string(CLONE)
  .transform((text) => (text.startsWith('file:///') ? fileURLToPath(text) : text))
  .refine(isAbsolute, CLONE);

const SecretName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as koji-cert');

const AnsibleConfig = z
  .strictObject({
    /** Kept up to date by whoever runs the site, for example by a timer that fetches. */
    repository: Repository,
    /** A private key without a passphrase. */
    'key-file': z.string().optional(),
    /** Keys of the SSH agent at SSH_AUTH_SOCK instead. */
    agent: z.boolean().default(false),
    'connect-timeout-s': Seconds.default(20),
    /** For a whole run. */
    'run-timeout-s': Seconds.default(50 * 60),
    /** Variables of playbooks, each with the name of the secret that it holds. */
    variables: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a variable such as db_password'),
        SecretName,
      )
      .default({}),
    /** The secret that opens vault files. */
    vault: SecretName.optional(),
  })
  .refine((config) => config.agent !== (config['key-file'] !== undefined), {
    message: 'expected either key-file or agent: true',
  });

export default defineDriver({
  port: 'configuration',
  product: 'ansible',
  config: AnsibleConfig,
  connect(config, { inventory, hostKeys, secrets }) {
    const login: SshLogin =
      config['key-file'] === undefined
        ? { kind: 'agent' }
        : { kind: 'key-file', path: config['key-file'] };
    const source = playbookSource(config.repository);
    const run = playbookRunner({
      source,
      inventory,
      hostKeys,
      secrets,
      login,
      variables: config.variables,
      vault: config.vault,
      connectTimeoutSeconds: config['connect-timeout-s'],
      limitMs: config['run-timeout-s'] * 1000,
    });
    return {
      port: {
        check: source.check,
        apply: (host, playbook, watch, signal) =>
          run({ host, playbook, mode: 'apply', watch, signal }),
        preview: (host, playbook, watch, signal) =>
          run({ host, playbook, mode: 'preview', watch, signal }),
      },
      async check(signal) {
        return `${await ansibleVersion(signal)}, ${await source.describe(signal)}`;
      },
      async close() {},
    };
  },
});
