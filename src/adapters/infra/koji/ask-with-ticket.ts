import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Failure } from '../../../domain/failure.ts';
import { decodeAnswer } from './decode-xml-rpc.ts';
import { encodeCall } from './encode-xml-rpc.ts';
import { kerberosFailure, noCurl } from './kerberos-failure.ts';
import { identityFile, type KerberosLogin, kerberosEnvironment } from './kerberos-login.ts';
import { brief, loginFailure } from './koji-failure.ts';
import { type CurlEnd, CurlMissing, runCurl } from './run-curl.ts';
import { HttpRefusal, NotSent } from './xml-rpc.ts';
import type { XmlRpcCall, XmlRpcValue } from './xml-rpc-value.ts';

export interface TicketRequest {
  readonly url: URL;
  readonly call: XmlRpcCall;
  readonly login: KerberosLogin;
  readonly caFile: string | undefined;
  readonly signal: AbortSignal;
}

export interface TicketAnswer {
  readonly value: XmlRpcValue;
  /** Which kind of address the hub has seen us at. It takes no call of the session from another address. */
  readonly family: 4 | 6;
}

// Source: curl(1), "EXIT CODES".
const NO_SUCH_OPTION: readonly number[] = [2, 4];
/** No such host, no connection, no TLS, a certificate that is not to be trusted, no file of authorities. */
const NOT_SENT: readonly number[] = [6, 7, 35, 60, 77];

/**
 * One call with `Authorization: Negotiate`, sent by curl because Node has no GSS-API. Throws a Failure, the KojiFault
 * of the answer, HttpRefusal, NotSent, or that curl was ended.
 */
export async function askWithTicket(request: TicketRequest): Promise<TicketAnswer> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-kerberos-'));
  try {
    await writeFile(join(home, '.k5identity'), identityFile(request.login));
    return answerOf(request, await curl(request, home));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function curl({ url, call, login, caFile, signal }: TicketRequest, home: string) {
  const words = curlWords(url, caFile);
  const env = kerberosEnvironment(login, home);
  return runCurl({ words, env, input: encodeCall(call), signal }).catch((error: unknown) => {
    throw error instanceof CurlMissing ? noCurl(url.host, error.message) : error;
  });
}

/** Nothing secret among them: everybody on the machine can read the words of a process. */
function curlWords(url: URL, caFile: string | undefined): readonly string[] {
  return [
    // First, so that no ~/.curlrc is read.
    '--disable',
    // What Kerberos said is told in no other way.
    ...['--silent', '--show-error', '--verbose'],
    ...['--noproxy', '*', '--proto', '=http,https'],
    ...['--negotiate', '--user', ':'],
    ...(caFile === undefined ? [] : ['--cacert', caFile]),
    ...['--header', 'Content-Type: text/xml', '--header', 'Expect:'],
    ...['--data-binary', '@-', '--write-out', '\\n%{http_code} %{remote_ip}'],
    ...['--url', url.href],
  ];
}

function answerOf(request: TicketRequest, end: CurlEnd): TicketAnswer {
  const { host } = request.url;
  if (NO_SUCH_OPTION.includes(end.code)) throw noCurl(host, ownWords(end));
  if (NOT_SENT.includes(end.code)) throw new NotSent(ownWords(end));
  if (end.code !== 0) throw new Error(ownWords(end));
  const [, body = '', status, address = ''] = /^(.*)\n(\d{3}) (\S*)$/s.exec(end.stdout) ?? [];
  if (status === '401') throw refused(request, end);
  if (status !== '200') throw new HttpRefusal(Number(status));
  return { value: decodeAnswer(body), family: address.includes(':') ? 6 : 4 };
}

/** Without a ticket curl asks all the same, and is refused. */
function refused({ url, login }: TicketRequest, { stderr }: CurlEnd): Failure {
  const said = /^\* gss_\w+\(\) failed: (.+)$/m.exec(stderr)?.[1];
  const hadTicket = /^> Authorization: Negotiate /m.test(stderr);
  if (said !== undefined && !hadTicket) return kerberosFailure(url.host, login, said);
  return loginFailure(url.host, 'the hub does not take its Kerberos ticket (HTTP 401)', undefined);
}

/** The line that begins with its name; all others may tell of the ticket. */
function ownWords({ code, stderr }: CurlEnd): string {
  const words = /^curl: (?:\(\d+\) )?(.+)$/m.exec(stderr)?.[1];
  return words === undefined ? `curl ended with code ${code}` : brief(words);
}
