import { readFile } from 'node:fs/promises';
import { Failure, rootMessage } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import type { SecretSource } from '../../jobs/ports/secret-source.ts';

export interface EnvironmentSecretsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told every secret that is handed out, so that it can be replaced wherever it would be shown. */
  readonly learn: (secret: string) => void;
}

/**
 * Secrets from the environment: `SIGNALBOX_SECRET_KOJI_CERT` holds the secret `koji-cert`, or
 * `SIGNALBOX_SECRET_KOJI_CERT_FILE` names a file with it. `{host}` in that path is replaced by the host's name.
 */
export function environmentSecrets({ env, learn }: EnvironmentSecretsOptions): SecretSource {
  return {
    async read(name, host, signal) {
      const secret = await find(env, name, host, signal);
      learn(secret);
      return secret;
    },
  };
}

async function find(
  env: EnvironmentSecretsOptions['env'],
  name: string,
  host: HostName | undefined,
  signal: AbortSignal,
): Promise<string> {
  const variable = `SIGNALBOX_SECRET_${name.toUpperCase().replaceAll(/[.-]/g, '_')}`;
  const direct = env[variable];
  if (direct !== undefined) return direct;
  const template = env[`${variable}_FILE`];
  const file = host === undefined ? template : template?.replaceAll('{host}', host);
  if (file === undefined)
    throw missing(name, `neither ${variable} nor ${variable}_FILE is set`, variable, host);
  try {
    return await readFile(file, { encoding: 'utf8', signal });
  } catch (cause) {
    throw missing(name, rootMessage(cause), variable, host);
  }
}

function missing(
  name: string,
  because: string,
  variable: string,
  host: HostName | undefined,
): Failure {
  const reader = host === undefined ? 'bot' : 'worker';
  return new Failure({
    code: 'secret.missing',
    problem: `the secret ${name} is not at hand`,
    because,
    effect: 'none',
    next: `Put it into ${variable}, or its path into ${variable}_FILE, where the ${reader} runs.`,
  });
}
