import { Failure } from '../../../domain/failure.ts';
import type { KerberosLogin } from './kerberos-login.ts';
import { brief } from './koji-failure.ts';

/** libkrb5's words, as curl passes them on. Source: src/lib/krb5/error_tables/krb5_err.et of MIT Kerberos. */
const REASONS: readonly (readonly [RegExp, (login: KerberosLogin, hub: string) => string])[] = [
  [/Ticket expired/, (login) => `the ticket in ${placeOf(login)} has expired`],
  [/Can't find client principal/, (login) => `${placeOf(login)} holds no key of it`],
  [
    /Decrypt integrity check failed|Preauthentication failed|Password incorrect/i,
    (login) => `the key in ${placeOf(login)} is not the one that Kerberos has now`,
  ],
  [/Client .*not found in Kerberos database/, () => 'Kerberos knows no such principal'],
  [
    /Server .*not found in Kerberos database/,
    (_login, hub) => `Kerberos does not know the hub's service HTTP/${hub.replace(/:\d+$/, '')}`,
  ],
  [
    /cannot find mechanisms|No Kerberos credentials available|No credentials cache found/i,
    (login) => `${placeOf(login)} holds no ticket`,
  ],
];
const NO_KDC = /Cannot (?:contact any|find) KDC/;

/** What Kerberos said when a ticket for the hub was asked for. Nothing was sent to the hub. */
export function kerberosFailure(hub: string, login: KerberosLogin, said: string): Failure {
  if (NO_KDC.test(said)) return noKdc(hub, lastSentence(said));
  const [, reason] = REASONS.find(([words]) => words.test(said)) ?? [];
  const who = login.kind === 'keytab' ? ` as ${login.principal}` : '';
  return new Failure({
    code: 'koji.no-ticket',
    problem: `the bot has no Kerberos ticket for koji at ${hub}${who}`,
    because: reason?.(login, hub) ?? lastSentence(said),
    effect: 'none',
    next: `Nothing was changed. ${remedy(login)}, then run \`signalbox check\`.`,
  });
}

export function noCurl(hub: string, because: string): Failure {
  return new Failure({
    code: 'koji.no-curl',
    problem: `the bot cannot log in to koji at ${hub} by GSSAPI`,
    because,
    effect: 'none',
    next: 'Nothing was changed. Install a curl with GSS-API where signalbox runs, so that it is on its PATH.',
  });
}

function noKdc(hub: string, because: string): Failure {
  return new Failure({
    code: 'koji.no-kdc',
    problem: `Kerberos does not answer, and the bot needs a ticket for koji at ${hub}`,
    because,
    effect: 'none',
    next: "Nothing was changed. Check the realm's servers in krb5.conf and the way to them, then run it again.",
  });
}

function remedy(login: KerberosLogin): string {
  if (login.kind === 'keytab') return `Look with \`klist -k ${login.keytabFile}\``;
  return 'See to it that whoever keeps the tickets fresh does so';
}

function placeOf(login: KerberosLogin): string {
  return login.kind === 'keytab' ? `keytab-file ${login.keytabFile}` : `ccache ${login.ccache}`;
}

/** GSS-API's own sentence comes first and says little. */
function lastSentence(said: string): string {
  return brief(said.trim().replace(/\.$/, '').split('. ').at(-1) ?? said);
}
