import { Failure } from '../../../domain/failure.ts';
import type { HostKeys } from '../../../jobs/ports/host-keys.ts';
import type { Hop } from '../ssh/route.ts';

export interface SshFilesOptions {
  /** Outermost first; the last is the host itself. */
  readonly route: readonly Hop[];
  readonly hostKeys: HostKeys;
  readonly knownHostsPath: string;
  readonly keyFile: string | undefined;
  readonly connectTimeoutSeconds: number;
}

/** For UserKnownHostsFile: just the hosts on the way, by their names in the inventory. A Failure for one without a key. */
export async function knownHosts({ route, hostKeys }: SshFilesOptions): Promise<string> {
  const lines = await Promise.all(
    route.map(async ({ host }) => {
      const key = await hostKeys.expected(host);
      if (key === undefined) throw keyUnknown(route.at(-1)?.host ?? host, host);
      return `${host} ${key}\n`;
    }),
  );
  return lines.join('');
}

/**
 * For `ssh -F` (ssh_config(5)), which also the ssh that goes through a jump host reads. The jump hosts are called by
 * their names in the inventory; `HostKeyAlias` makes ssh look a key up by that name and not by an address that several
 * hosts may share.
 */
export function sshConfig(options: SshFilesOptions): string {
  const { route, knownHostsPath, keyFile, connectTimeoutSeconds } = options;
  const jumps = route.slice(0, -1);
  return [
    ...jumps.flatMap(({ host, address, port, user }) => [
      `Host ${host}`,
      `  HostName ${quoted(address)}`,
      `  Port ${port}`,
      `  User ${user}`,
      `  HostKeyAlias ${host}`,
    ]),
    'Host *',
    '  BatchMode yes',
    '  StrictHostKeyChecking yes',
    '  UpdateHostKeys no',
    `  UserKnownHostsFile ${quoted(knownHostsPath)}`,
    '  GlobalKnownHostsFile /dev/null',
    `  ConnectTimeout ${Math.ceil(connectTimeoutSeconds)}`,
    '  ServerAliveInterval 10',
    '  ServerAliveCountMax 3',
    ...(keyFile === undefined ? [] : ['  IdentitiesOnly yes', `  IdentityFile ${quoted(keyFile)}`]),
    '',
  ].join('\n');
}

/**
 * What ssh is told before anything else. It takes the first value it sees for each setting, and its arguments before its
 * files: these stand before whatever the ansible.cfg of a repository adds, so that one cannot make it trust other keys.
 */
export function strictWords(sshConfigPath: string, knownHostsPath: string): readonly string[] {
  return [
    ...['-F', sshConfigPath],
    ...['-o', 'StrictHostKeyChecking=yes'],
    ...['-o', `UserKnownHostsFile=${quoted(knownHostsPath)}`],
    ...['-o', 'GlobalKnownHostsFile=/dev/null'],
  ];
}

/** The words that lead ssh to the last stop of the route. */
export function sshWords(route: readonly Hop[]): readonly string[] {
  const jumps = route.slice(0, -1).map(({ host }) => host);
  return [
    ...(jumps.length > 0 ? ['-o', `ProxyJump=${jumps.join(',')}`] : []),
    '-o',
    `HostKeyAlias=${route.at(-1)?.host}`,
  ];
}

/** A percent sign starts a token in paths. */
function quoted(text: string): string {
  return `"${text.replaceAll('%', '%%')}"`;
}

function keyUnknown(target: string, host: string): Failure {
  return new Failure({
    code: 'ansible.host-key-unknown',
    problem: `no playbook is run on ${target}`,
    because: `no host key of ${host} is on record`,
    effect: 'none',
    next: `Compare what it shows with its console, then run \`signalbox hostkey accept ${host} SHA256:…\`.`,
  });
}
