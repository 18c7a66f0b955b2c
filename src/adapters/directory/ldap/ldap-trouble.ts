import { ResultCodeError } from 'ldapts';
import { rootMessage } from '../../../domain/failure.ts';

/** What a server did instead of answering a question. Its message goes on from the server's name. */
export class LdapTrouble extends Error {
  override readonly name = 'LdapTrouble';
  /** It should not be asked again for a while. */
  readonly isDead: boolean;

  constructor(message: string, isDead: boolean, cause?: unknown) {
    super(message, { cause });
    this.isDead = isDead;
  }
}

/** The entry that was asked about is not there, or is not shown to who asks. */
export class NoSuchEntry extends LdapTrouble {}

const NO_SUCH_OBJECT = 32;
const BUSY = [51, 52];

const RESULTS: Readonly<Record<number, string>> = {
  3: 'took too long and cut its answer short',
  4: 'has more entries than it gives at once',
  11: 'refuses so large a question',
  13: 'wants TLS',
  48: 'does not take this kind of login',
  49: 'refuses the login',
  50: 'does not allow that',
  51: 'is too busy',
  52: 'is not available',
  53: 'refuses to do that',
};

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'does not answer',
  ENOTFOUND: 'has no address',
  EAI_AGAIN: 'has no address',
};

/** In words that may stand in a channel: no addresses, no text of the server's. */
export function ldapTrouble(problem: unknown, asked: string, timeoutMs: number): LdapTrouble {
  if (problem instanceof LdapTrouble) return problem;
  if (problem instanceof ResultCodeError) return refusedBy(problem, asked);
  const message = rootMessage(problem);
  if (/timed out|Connection timeout/.test(message)) {
    return new LdapTrouble(`does not answer within ${timeoutMs / 1_000} s`, true, problem);
  }
  if (/Connection closed|Socket error|connection not established/.test(message)) {
    return new LdapTrouble('closed the connection', true, problem);
  }
  const code = codeOf(problem);
  const words = code && NETWORK[code];
  if (words) return new LdapTrouble(words, true, problem);
  if (isAboutTls(code)) {
    return new LdapTrouble(`shows a certificate that is not trusted: ${message}`, true, problem);
  }
  return new LdapTrouble(`cannot be understood: ${message}`, true, problem);
}

function refusedBy(problem: ResultCodeError, asked: string): LdapTrouble {
  const { code } = problem;
  if (code === NO_SUCH_OBJECT) {
    return new NoSuchEntry(`has no ${asked}, or does not show it`, false, problem);
  }
  const words = RESULTS[code] ?? `answers with the LDAP error ${code}`;
  return new LdapTrouble(`${words} (${asked})`, BUSY.includes(code), problem);
}

/** Of a name with several addresses each was tried; what the first said counts. */
function codeOf(problem: unknown): string | undefined {
  const first = problem instanceof AggregateError ? problem.errors[0] : problem;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function isAboutTls(code: string | undefined): boolean {
  return code !== undefined && /CERT|^ERR_TLS|^ERR_SSL|SIGNATURE|ISSUER|SELF_SIGNED/.test(code);
}
