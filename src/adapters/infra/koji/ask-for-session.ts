import { askWithTicket } from './ask-with-ticket.ts';
import type { Credentials, KojiLogin } from './credentials.ts';
import { callXmlRpc, HttpRefusal, NotSent, type XmlRpcRequest } from './xml-rpc.ts';
import type { XmlRpcValue } from './xml-rpc-value.ts';

export interface SessionRequest {
  readonly hub: URL;
  readonly login: KojiLogin;
  readonly caFile: string | undefined;
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
}

export interface SessionAnswer {
  readonly reply: XmlRpcValue;
  /** Where the hub takes calls of the session from one kind of address only. */
  readonly family: 4 | 6 | undefined;
}

const MAX_REPLY_BYTES = 64 * 1024;

/** Throws a Failure about what is missing here, or what `callXmlRpc` throws. */
export async function askForSession(request: SessionRequest): Promise<SessionAnswer> {
  const { hub, login, caFile, credentials, signal } = request;
  const call = loginCall(login, credentials);
  const url = login.kind === 'password' ? hub : sslLoginOf(hub);
  if (login.kind === 'gssapi') {
    const { value, family } = await askWithTicket({ url, call, login: login.from, caFile, signal });
    return { reply: value, family };
  }
  const { tls } = credentials;
  const plain = { url, headers: {}, tls, call, maxAnswerBytes: MAX_REPLY_BYTES, signal };
  const ask = login.kind === 'password' ? callXmlRpc : askWithCertificate;
  return { reply: await ask(plain), family: undefined };
}

/** The method that opens a session. */
export function loginMethod(login: KojiLogin): string {
  return login.kind === 'password' ? 'login' : 'sslLogin';
}

function loginCall(login: KojiLogin, { password = '' }: Credentials) {
  const params = login.kind === 'password' ? [login.user, password] : [];
  return { method: loginMethod(login), params };
}

/** The web server in front of the hub asks who we are under this path only. Source: koji/__init__.py. */
function sslLoginOf(hub: URL): URL {
  return new URL(`${hub.href.replace(/\/$/, '')}/ssllogin`);
}

/**
 * Asked for a certificate for one path only, a TLS 1.3 client shows it after the handshake, which Node cannot do, and
 * Apache answers 403; a TLS 1.2 client negotiates anew, which Node can. Source: https://github.com/nodejs/help/issues/4131
 */
async function askWithCertificate(request: XmlRpcRequest): Promise<XmlRpcValue> {
  try {
    return await callXmlRpc(request);
  } catch (first) {
    if (!(first instanceof HttpRefusal) || first.status !== 403) throw first;
    return callXmlRpc({ ...request, maxVersion: 'TLSv1.2' }).catch((second: unknown) => {
      throw second instanceof NotSent ? first : second;
    });
  }
}
