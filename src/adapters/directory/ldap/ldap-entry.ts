import type { Entry } from 'ldapts';

/** An entry whose attributes are found whatever case the server writes them in, each with all of its values. */
export interface LdapEntry {
  readonly dn: string;
  values(attribute: string): readonly string[];
}

export function ldapEntry({ dn, ...attributes }: Entry): LdapEntry {
  const byName = new Map(
    Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), texts(value)]),
  );
  return { dn, values: (attribute) => byName.get(attribute.toLowerCase()) ?? [] };
}

/** The library gives one value as itself, several as a list, none as an empty list. */
function texts(value: Entry[string]): readonly string[] {
  return [value].flat().map((one) => (typeof one === 'string' ? one : one.toString('utf8')));
}
