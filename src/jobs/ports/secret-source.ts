import type { HostName } from '../../domain/ids.ts';

/** Secrets by name, from the environment or from files. What it gives is replaced wherever it would be shown. */
export interface SecretSource {
  /** A Failure with code `secret.missing` naming what to set. `host` picks a secret made for one host where there is one; undefined where it is about none. */
  read(name: string, host: HostName | undefined, signal: AbortSignal): Promise<string>;
}
