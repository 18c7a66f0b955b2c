import type { HostName } from '../../domain/ids.ts';
import type { HostKeys } from '../../jobs/ports/host-keys.ts';

/** Host keys that die with the process. */
export function memoryHostKeys(known: Iterable<readonly [HostName, string]> = []): HostKeys {
  const keys = new Map(known);
  return {
    async expected(host) {
      return keys.get(host);
    },
    async replace(host, key) {
      keys.set(host, key);
    },
  };
}
