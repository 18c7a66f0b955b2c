import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  type LoadedConfiguration,
  loadConfiguration,
} from '../../../src/adapters/config/load-configuration.ts';
import { environmentSecrets } from '../../../src/adapters/secrets/environment-secrets.ts';
import type { Authority } from './authority.ts';
import { BOT_PASSWORD, groupDn } from './people-ldif.ts';
import type { Slapd } from './slapd.ts';

/** One directory of signalbox.yaml, over servers with the same content. */
export interface DirectoryEntry {
  readonly name: string;
  readonly servers: readonly Slapd[];
  /** Names in rules and what each is called there; the same name when absent. */
  readonly confers?: Readonly<Record<string, string>>;
  /** Instead of what stands there otherwise. */
  readonly instead?: Readonly<Record<string, unknown>>;
}

export interface LdapSite {
  readonly folder: string;
  /** Loads a configuration with these directories, as the program does. */
  load(
    directories: readonly DirectoryEntry[],
    more?: Readonly<Record<string, unknown>>,
  ): Promise<LoadedConfiguration>;
  close(): Promise<void>;
}

const NETWORKS = { irc: 'ircAccount', matrix: 'matrixId', slack: 'slackId', unix: 'uid' };

/** A folder with a configuration whose people are in LDAP. The bot's password can be changed in `env`. */
export async function ldapSite(
  authority: Authority,
  env: Record<string, string> = { SIGNALBOX_SECRET_BOT: BOT_PASSWORD },
): Promise<LdapSite> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-ldap-'));
  const secrets = environmentSecrets({ env, learn: () => undefined });
  await writeFile(join(folder, 'hosts.yaml'), 'hosts: { web-01: { zone: staging } }\n');
  return {
    folder,
    async load(directories, more = {}) {
      const ldap = directories.map((each) => directoryEntry(each, authority));
      const settings = { inventory: 'hosts.yaml', directory: { ...more, ldap } };
      await writeFile(join(folder, 'signalbox.yaml'), stringify(settings));
      return loadConfiguration(join(folder, 'signalbox.yaml'), secrets);
    },
    close: () => rm(folder, { recursive: true }),
  };
}

function directoryEntry({ name, servers, confers = {}, instead }: DirectoryEntry, ca: Authority) {
  const suffix = servers[0]?.suffix ?? '';
  const groups = Object.entries(confers).map(([group, cn]) => [group, groupDn(suffix, cn)]);
  return {
    name,
    servers: servers.map(({ url }) => url),
    'ca-file': ca.file,
    bind: { dn: `cn=signalbox,${suffix}`, secret: 'bot' },
    people: { base: `ou=people,${suffix}`, networks: NETWORKS },
    groups: { base: `ou=groups,${suffix}`, confers: Object.fromEntries(groups) },
    timeout: '20s',
    ...instead,
  };
}
