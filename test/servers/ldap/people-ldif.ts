/** What a person of a test directory has; an attribute with several values is a list. */
export type Attributes = Readonly<Record<string, string | readonly string[]>>;

export const BOT_PASSWORD = 'secret of the bot';

/** The frame of a directory: its suffix, a place for people and one for groups, and the account of the bot. */
export function frameLdif(suffix: string): string {
  const [, name] = /^dc=([^,]+)/.exec(suffix) ?? [];
  return [
    entry(suffix, { objectClass: ['dcObject', 'organization'], dc: `${name}`, o: `${name}` }),
    entry(`ou=people,${suffix}`, { objectClass: 'organizationalUnit' }),
    entry(`ou=groups,${suffix}`, { objectClass: 'organizationalUnit' }),
    entry(`cn=signalbox,${suffix}`, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      userPassword: BOT_PASSWORD,
    }),
  ].join('\n');
}

export function personLdif(suffix: string, uid: string, attributes: Attributes = {}): string {
  return entry(personDn(suffix, uid), {
    objectClass: ['inetOrgPerson', 'operator'],
    cn: uid,
    sn: uid,
    ...attributes,
  });
}

export function groupLdif(suffix: string, cn: string, ...members: readonly string[]): string {
  return entry(groupDn(suffix, cn), { objectClass: 'groupOfNames', member: members });
}

export function personDn(suffix: string, uid: string): string {
  return `uid=${uid},ou=people,${suffix}`;
}

export function groupDn(suffix: string, cn: string): string {
  return `cn=${cn},ou=groups,${suffix}`;
}

/** Values are base64, so that any sign may be in them. */
export function entry(dn: string, attributes: Attributes): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}:: ${Buffer.from(value).toString('base64')}`),
  );
  return [`dn: ${dn}`, ...lines, ''].join('\n');
}
