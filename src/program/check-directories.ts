import type { ConnectedLdap } from '../adapters/directory/connect-directories.ts';
import type { LdapConnection } from '../adapters/directory/ldap/open-ldap.ts';
import type { CheckLine } from './check.ts';

/** Whether each server of each LDAP directory can be asked, and has the groups that rules may name. Reads only. */
export async function checkDirectories(
  directories: readonly ConnectedLdap[],
): Promise<readonly CheckLine[]> {
  const lines = directories.map(async (directory) => [
    ...(await Promise.all(
      directory.settings.servers.map((server) => checkServer(directory, server)),
    )),
    ...(await checkGroups(directory)),
  ]);
  return (await Promise.all(lines)).flat();
}

async function checkServer({ settings, servers }: ConnectedLdap, server: URL): Promise<CheckLine> {
  const about = `directory ${settings.name} ${server.protocol}//${server.host}`;
  const bases = [settings.people.base, settings.groups.base];
  try {
    await servers.askOne(server, async (ldap) => {
      for (const base of bases) await entryAt(ldap, base);
    });
    const tls = server.protocol === 'ldap:' ? 'StartTLS' : 'TLS';
    return { verdict: 'ok', about, text: `${tls}, logged in, has ${bases.join(' and ')}` };
  } catch (problem) {
    return { verdict: 'FAIL', about, text: messageOf(problem) };
  }
}

async function checkGroups(directory: ConnectedLdap): Promise<readonly CheckLine[]> {
  const { settings, servers } = directory;
  const groups = [...settings.groups.confers];
  const checked = groups.map(async ([group, dn]): Promise<CheckLine> => {
    const about = `directory ${settings.name} group ${group}`;
    try {
      await servers.ask((ldap) => entryAt(ldap, dn));
      return { verdict: 'ok', about, text: dn };
    } catch (problem) {
      return { verdict: 'FAIL', about, text: messageOf(problem) };
    }
  });
  return Promise.all(checked);
}

async function entryAt(ldap: LdapConnection, base: string): Promise<void> {
  const filter = '(objectClass=*)';
  const found = await ldap.search({ base, scope: 'entry', filter, attributes: ['1.1'] });
  if (found.length === 0) throw new Error(`does not show ${base} to whom it lets in`);
}

/** Its own words, not those of what caused it. */
function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
