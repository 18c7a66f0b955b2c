import type { SecretSource } from '../../jobs/ports/secret-source.ts';

/** Gives a made-up secret for every name, the same each time. A rehearsal must not read real ones. */
export function simulatedSecrets(): SecretSource {
  return {
    async read(name, host) {
      return `made-up ${name} of ${host}\n`;
    },
  };
}
