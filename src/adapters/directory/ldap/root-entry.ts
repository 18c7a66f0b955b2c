import type { LdapConnection } from './open-ldap.ts';

const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';

/** What the server says of itself (rootDSE); everybody else takes its rule for nested groups without finding anything. */
export async function isActiveDirectory(ldap: LdapConnection): Promise<boolean> {
  const filter = '(objectClass=*)';
  const attributes = ['supportedCapabilities'];
  const [root] = await ldap.search({ base: '', scope: 'entry', filter, attributes });
  return root?.values('supportedCapabilities').includes(ACTIVE_DIRECTORY) ?? false;
}
