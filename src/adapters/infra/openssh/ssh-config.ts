import type { Hop } from '../ssh/route.ts';
import type { LoginFiles } from './login-files.ts';
import type { MasterFolder } from './master-folder.ts';
import { recordShownKey } from './shown-key.ts';

export interface SshConfigOptions {
  readonly hop: Hop;
  readonly folder: MasterFolder;
  readonly login: LoginFiles;
  /** A command whose stdin and stdout lead to the host, when there is a jump host before it. */
  readonly proxyCommand: string | undefined;
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
}

/**
 * Everything ssh is told about one hop (ssh_config(5)). `HostKeyAlias` makes it look keys up by the inventory's name, so that
 * address and port do not matter. Neither the user's own configuration nor the machine's is read with `-F`.
 */
export function formatSshConfig(options: SshConfigOptions): string {
  const { hop, folder, login, proxyCommand } = options;
  const lines = [
    `HostName ${path(hop.address)}`,
    `Port ${hop.port}`,
    `User ${hop.user}`,
    ...(proxyCommand === undefined ? [] : [`ProxyCommand ${proxyCommand.replaceAll('%', '%%')}`]),
    `HostKeyAlias ${hop.host}`,
    ...verification(folder),
    ...authentication(login),
    `ControlPath ${path(folder.socket)}`,
    `ConnectTimeout ${seconds(options.connectTimeoutMs)}`,
    `ServerAliveInterval ${seconds(options.keepaliveMs)}`,
    'ServerAliveCountMax 3',
  ];
  return `${lines.join('\n')}\n`;
}

function verification({ knownHosts, shownKeys }: MasterFolder): readonly string[] {
  return [
    'StrictHostKeyChecking yes',
    `UserKnownHostsFile ${path(knownHosts)}`,
    'GlobalKnownHostsFile /dev/null',
    `KnownHostsCommand ${recordShownKey(shownKeys)}`,
    'UpdateHostKeys no',
    'CheckHostIP no',
    'VerifyHostKeyDNS no',
  ];
}

function authentication({ keyFile, certificateFile }: LoginFiles): readonly string[] {
  return [
    'BatchMode yes',
    'PreferredAuthentications publickey',
    ...(keyFile === undefined
      ? ['IdentityAgent SSH_AUTH_SOCK', 'IdentityFile none']
      : ['IdentityAgent none', 'IdentitiesOnly yes', `IdentityFile ${path(keyFile)}`]),
    ...(certificateFile === undefined ? [] : [`CertificateFile ${path(certificateFile)}`]),
  ];
}

/** In the quotes of ssh_config, with ssh's own `%` tokens written out. */
function path(value: string): string {
  if (/[\n\r"\\]/.test(value)) throw new TypeError(`Not for ssh_config: ${JSON.stringify(value)}`);
  return `"${value.replaceAll('%', '%%')}"`;
}

/** At least one: 0 means never to some of them. */
function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
