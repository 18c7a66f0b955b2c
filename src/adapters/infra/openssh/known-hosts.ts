import type { HostName } from '../../../domain/ids.ts';

/** For UserKnownHostsFile (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): just one host, by its name in the inventory. */
export function formatKnownHosts(
  host: HostName,
  key: string | undefined,
  authorities: readonly string[],
): string {
  const own = key === undefined ? [] : [`${host} ${key}`];
  const signed = authorities.map((authority) => `@cert-authority ${host} ${authority}`);
  return [...own, ...signed].map((line) => `${line}\n`).join('');
}
