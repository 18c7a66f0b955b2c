import { Failure } from '../../../domain/failure.ts';
import { hostKeyFailure, keyBlob } from '../ssh/host-key.ts';
import type { Hop } from '../ssh/route.ts';
import { notAccepted, unreachable } from '../ssh/unreachable.ts';
import { noKey } from './login-files.ts';

export interface RefusedLogin {
  readonly hop: Hop;
  /** The jump host before it. */
  readonly from: Hop | undefined;
  /** What ssh said, in the words of OpenSSH and in English. */
  readonly said: readonly string[];
  /** The key that the host showed. */
  readonly shown: Buffer | undefined;
  /** The one that is on record. */
  readonly known: string | undefined;
  readonly hasCertificate: boolean;
}

/** Why a login failed. It always has effect `none`: nothing is run before a login. */
export function connectFailure(login: RefusedLogin): Failure {
  const { hop, said } = login;
  const cause = new Error(said.join('\n'));
  const found = (pattern: RegExp) => said.find((line) => pattern.test(line));
  if (found(/^Host key verification failed\.$/)) return hostKeyRefused(login);
  const badKey = found(/^Load key ".*": /);
  if (badKey !== undefined) {
    const next = 'Set key-file to a private key without a passphrase that only signalbox may read.';
    return noKey(badKey, next, cause);
  }
  if (found(/Permission denied \(|Too many authentication failures/)) {
    return login.hasCertificate ? certificateNotAccepted(hop, cause) : notAccepted(hop, cause);
  }
  return unreachable(hop.host, `${placeOf(login)}: ${lastWord(said)}`, cause);
}

/** Whether it failed because the connection to the jump host was gone, so that a new one may do. */
export function isJumpGone({ from, said }: Pick<RefusedLogin, 'from' | 'said'>): boolean {
  if (from === undefined) return false;
  return said.some((line) => line === jumpGone(from) || /^mux_client_.* master /.test(line));
}

/** What the way through a jump host says when there is no connection to it. */
export function jumpGone({ host }: Hop): string {
  return `the connection to ${host} is gone`;
}

export function placeOf({ hop, from }: Pick<RefusedLogin, 'hop' | 'from'>): string {
  const place = `${hop.address}:${hop.port}`;
  return from === undefined ? place : `${place} from ${from.host}`;
}

function hostKeyRefused({ hop, from, said, shown, known }: RefusedLogin): Failure {
  const invalid = said.map((line) => /Certificate invalid: (.+)$/.exec(line)?.[1]).find(Boolean);
  if (invalid !== undefined && known === undefined) return certificateRefused(hop, invalid);
  if (shown !== undefined) {
    return hostKeyFailure(hop.host, shown, known === undefined ? undefined : keyBlob(known));
  }
  return unreachable(hop.host, `${placeOf({ hop, from })}: ${said.join(' ')}`);
}

function certificateRefused({ host }: Hop, because: string): Failure {
  return new Failure({
    code: 'ssh.host-certificate-refused',
    problem: `Host certificate of ${host} refused`,
    because,
    effect: 'none',
    next: `Nothing was run. Have the host key of ${host} signed anew for the name ${host}.`,
  });
}

function certificateNotAccepted({ host, user }: Hop, cause: unknown): Failure {
  return new Failure({
    code: 'ssh.auth-failed',
    problem: `SSH login to ${host} failed`,
    because: `it does not accept our certificate for ${user}`,
    effect: 'none',
    next: `Check that TrustedUserCAKeys of ${host} has the authority that signed it, and that it names ${user}.`,
    cause,
  });
}

/** The last line says it, e.g. `ssh: connect to host 192.0.2.7 port 22: Connection refused`. */
function lastWord(said: readonly string[]): string {
  const followUp =
    /^(?:Connection closed by UNKNOWN|kex_exchange_identification: |stdio forwarding)/;
  const line = said.findLast((line) => !followUp.test(line)) ?? said.at(-1);
  if (line === undefined) return 'ssh did not say why';
  if (/^Stdio forwarding request failed: /.test(line)) return 'no connection from there';
  return line.replace(/^ssh: connect to host \S+ port \d+: /, '');
}
