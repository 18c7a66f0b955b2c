import type { HostName } from '../../domain/ids.ts';

/** Which SSH host key a host has to show. Shared by all workers of a zone. */
export interface HostKeys {
  /** In OpenSSH's form (`ssh-ed25519 AAAA…`); undefined when none is known. */
  expected(host: HostName): Promise<string | undefined>;
  /** Replaces the expected key, with the reason on record. */
  replace(host: HostName, key: string, because: string): Promise<void>;
}
