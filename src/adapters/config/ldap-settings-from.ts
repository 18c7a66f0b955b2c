import { resolve } from 'node:path';
import type { GroupName } from '../../domain/ids.ts';
import type { LdapBind, LdapSettings } from '../directory/ldap/ldap-settings.ts';
import type { LdapEntry } from './ldap-schema.ts';

/** Files are relative to the folder of signalbox.yaml. */
export function ldapSettingsFrom(read: LdapEntry, folder: string): LdapSettings {
  const { name, servers, people, groups, timeout, 'barred-by': barredBy } = read;
  const caFile = read['ca-file'];
  const { 'ssh-keys': sshKeys, ...person } = people;
  const confers = new Map(Object.entries(groups.confers) as [GroupName, string][]);
  return {
    name,
    servers,
    ...(caFile !== undefined && { caFile: resolve(folder, caFile) }),
    bind: bindFrom(read.bind, folder),
    people: { ...person, sshKeys },
    groups: { ...groups, confers },
    barredBy,
    timeoutMs: timeout,
  };
}

function bindFrom(bind: LdapBind, folder: string): LdapBind {
  if (bind.kind === 'password') return bind;
  const { certificateFile, keyFile } = bind;
  return {
    kind: 'certificate',
    certificateFile: resolve(folder, certificateFile),
    keyFile: resolve(folder, keyFile),
  };
}
