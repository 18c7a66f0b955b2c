import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client, type Filter } from 'ldapts';
import { type LdapEntry, ldapEntry } from './ldap-entry.ts';
import { LdapTrouble, ldapTrouble } from './ldap-trouble.ts';

/** Active Directory gives no more at once. */
const PAGE = 1_000;

/** What is shown to a server; read anew for each connection, so that what was renewed counts at once. */
export interface LdapLogin {
  readonly ca?: string;
  readonly as:
    | { readonly kind: 'password'; readonly dn: string; readonly password: string }
    | { readonly kind: 'certificate'; readonly certificate: string; readonly key: string };
}

export interface Question {
  readonly base: string;
  /** `entry` is the base alone; `tree` the base and all under it. */
  readonly scope: 'entry' | 'tree';
  readonly filter: Filter | string;
  readonly attributes: readonly string[];
}

export interface LdapConnection {
  /** All that matches, in as many pages as it takes. Throws LdapTrouble; an answer is never a part of one. */
  search(question: Question): Promise<readonly LdapEntry[]>;
}

export interface OpenLdap extends LdapConnection {
  close(): void;
}

/**
 * A connection with TLS that has logged in. It is for one question and then closed: the library would replace one that
 * broke by one that is anonymous, and one that StartTLS had made safe by one in plain text.
 */
export async function openLdap(
  server: URL,
  login: LdapLogin,
  timeoutMs: number,
): Promise<OpenLdap> {
  const tls = tlsOptions(server, login);
  const isSafeAtOnce = server.protocol === 'ldaps:';
  const client = new Client({
    url: `${server.protocol}//${server.host}`,
    timeout: timeoutMs,
    connectTimeout: timeoutMs,
    ...(isSafeAtOnce && { tlsOptions: tls }),
  });
  const close = () => void client.unbind().catch(() => undefined);
  const asked = <Answer>(what: string, work: () => Promise<Answer>) =>
    within(timeoutMs, work()).catch((problem: unknown) => {
      throw ldapTrouble(problem, what, timeoutMs);
    });
  try {
    if (!isSafeAtOnce) await asked('StartTLS', () => client.startTLS(tls));
    await logIn(client, login, asked);
  } catch (problem) {
    close();
    throw problem;
  }
  return {
    close,
    search: ({ base, scope, filter, attributes }) =>
      asked(base, async () => {
        // Or it would connect again, and nobody would have logged in.
        if (!client.isBound) throw new LdapTrouble('closed the connection', true);
        const { searchEntries } = await client.search(base, {
          scope: scope === 'entry' ? 'base' : 'sub',
          filter,
          attributes: [...attributes],
          timeLimit: Math.ceil(timeoutMs / 1_000),
          paged: scope === 'tree' && { pageSize: PAGE },
        });
        return searchEntries.map(ldapEntry);
      }),
  };
}

type Asked = <Answer>(what: string, work: () => Promise<Answer>) => Promise<Answer>;

function logIn(client: Client, { as }: LdapLogin, asked: Asked): Promise<void> {
  if (as.kind === 'certificate') {
    return asked('the certificate', () => client.bindSASL('EXTERNAL'));
  }
  // A server may take an empty password for nobody in particular and let them in.
  if (as.password === '') throw new LdapTrouble('is not asked: the password is empty', false);
  return asked(as.dn, () => client.bind(as.dn, as.password));
}

function tlsOptions({ hostname }: URL, { ca, as }: LdapLogin): ConnectionOptions {
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    // Whom the certificate has to name; without it StartTLS would expect "localhost".
    host,
    ...(isIP(host) === 0 && { servername: host }),
    minVersion: 'TLSv1.2',
    ...(ca !== undefined && { ca }),
    ...(as.kind === 'certificate' && { cert: as.certificate, key: as.key }),
  };
}

/** The library bounds each message, but not the handshake after StartTLS, nor an answer of many pages. */
async function within<Answer>(timeoutMs: number, work: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), timeoutMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
