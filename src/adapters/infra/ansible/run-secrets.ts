import type { HostName } from '../../../domain/ids.ts';
import type { Json } from '../../../domain/json.ts';
import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import type { RunTexts } from './run-texts.ts';

export interface RunSecretsOptions {
  readonly secrets: SecretSource;
  /** Variables of the playbook and the secrets they hold. */
  readonly variables: Readonly<Record<string, string>>;
  /** The secret that opens the repository's vault files. */
  readonly vault: string | undefined;
}

export interface RunSecrets {
  readonly variables: Readonly<Record<string, Json>>;
  readonly vaultPassword: string | undefined;
}

/** What a run is given, and what is replaced from then on in everything that is told about it. */
export async function runSecrets(
  { secrets, variables, vault }: RunSecretsOptions,
  { host, texts, signal }: { host: HostName; texts: RunTexts; signal: AbortSignal },
): Promise<RunSecrets> {
  async function read(name: string) {
    const secret = await secrets.read(name, host, signal);
    texts.learn(secret);
    return secret;
  }
  const given: Record<string, Json> = {};
  for (const [variable, name] of Object.entries(variables)) {
    // Never a template, whatever it is made of.
    given[variable] = { __ansible_unsafe: await read(name) };
  }
  return { variables: given, vaultPassword: vault === undefined ? undefined : await read(vault) };
}
