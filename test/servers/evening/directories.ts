import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, createAuthority } from '../ldap/authority.ts';
import { frameLdif, groupDn, groupLdif, personDn, personLdif } from '../ldap/people-ldif.ts';
import { type Slapd, startSlapd } from '../ldap/slapd.ts';

const INSIDERS = 'dc=insiders,dc=test';
const COMMUNITY = 'dc=community,dc=test';

/** Two servers of the insiders' directory, and the community's, which has a group of the same name. */
export interface Directories {
  readonly insiders: readonly Slapd[];
  readonly community: Slapd;
  /** What `directory.ldap` of signalbox.yaml says of them. */
  readonly settings: readonly unknown[];
  /** On every server of the insiders. */
  modify(ldif: string): Promise<void>;
  close(): Promise<void>;
}

export const builders = groupDn(INSIDERS, 'builders');
export const insider = (uid: string) => personDn(INSIDERS, uid);

export async function startDirectories(): Promise<Directories> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-authority-'));
  const authority = await createAuthority(folder);
  const start = (suffix: string) => startSlapd({ authority, suffix });
  const [first, second, community] = await Promise.all([
    start(INSIDERS),
    start(INSIDERS),
    start(COMMUNITY),
  ]);
  const insiders = [first, second];
  await Promise.all([
    ...insiders.map((one) => one.load(insidersLdif())),
    community.load(outsidersLdif()),
  ]);
  return {
    insiders,
    community,
    settings: [
      entry('insiders', insiders, authority, { 'sysadmin-builders': builders }),
      entry('community', [community], authority, { community: groupDn(COMMUNITY, 'members') }),
    ],
    async modify(ldif) {
      await Promise.all(insiders.map((one) => one.modify(ldif)));
    },
    async close() {
      await Promise.all([...insiders, community].map((one) => one.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function insidersLdif(): string {
  return [
    frameLdif(INSIDERS),
    personLdif(INSIDERS, 'ana', { ircAccount: ['ana', 'ana-phone'] }),
    personLdif(INSIDERS, 'ben', { ircAccount: 'ben' }),
    personLdif(INSIDERS, 'cyd', { ircAccount: 'cyd' }),
    personLdif(INSIDERS, 'fay', { ircAccount: 'fay' }),
    personLdif(INSIDERS, 'dup', { ircAccount: 'twofold' }),
    personLdif(INSIDERS, 'dupe', { ircAccount: 'twofold' }),
    personLdif(INSIDERS, 'eva', { ircAccount: 'eva' }),
    groupLdif(
      INSIDERS,
      'builders',
      ...['ana', 'ben', 'cyd', 'dup', 'dupe', 'eva', 'fay'].map(insider),
    ),
  ].join('\n');
}

function outsidersLdif(): string {
  const kim = personDn(COMMUNITY, 'kim');
  return [
    frameLdif(COMMUNITY),
    personLdif(COMMUNITY, 'kim', { ircAccount: 'kim' }),
    personLdif(COMMUNITY, 'eva', { ircAccount: 'eva-home' }),
    groupLdif(COMMUNITY, 'members', kim),
    groupLdif(COMMUNITY, 'builders', kim),
  ].join('\n');
}

function entry(
  name: string,
  servers: readonly Slapd[],
  authority: Authority,
  confers: Readonly<Record<string, string>>,
) {
  const suffix = servers[0]?.suffix ?? '';
  return {
    name,
    servers: servers.map(({ url }) => url),
    'ca-file': authority.file,
    bind: { dn: `cn=signalbox,${suffix}`, secret: 'directory' },
    people: { base: `ou=people,${suffix}`, networks: { irc: 'ircAccount' } },
    groups: { base: `ou=groups,${suffix}`, confers },
  };
}
