import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { decodeCall } from '../../infra/koji/decode-xml-rpc.ts';
import { encodeAnswer, encodeFault } from '../../infra/koji/encode-xml-rpc.ts';
import { KojiFault } from '../../infra/koji/koji-fault.ts';
import type { XmlRpcCall } from '../../infra/koji/xml-rpc-value.ts';
import { dispatch } from './hub-dispatch.ts';
import { runScheduler } from './hub-scheduler.ts';
import { hubSessions } from './hub-sessions.ts';
import type { HubState } from './hub-state.ts';
import { type HubTroubles, hubTroubles } from './hub-troubles.ts';
import type { HubUser } from './hub-users.ts';

export interface KojiHubOptions {
  readonly state: HubState;
  readonly users: readonly HubUser[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts. With them the hub speaks https and takes the client's name from its certificate. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Without `tls`: the name that a front end would have read from the certificate. */
  readonly clientName?: string;
  /** What a web server in front of the hub proves itself with; it alone is believed who the client is. */
  readonly frontEnd?: string;
  /** False is a hub before 1.30, which reads the session from the query. */
  readonly headerAuth?: boolean;
}

export interface KojiHub extends HubTroubles {
  readonly url: URL;
  /** The methods it has carried out, oldest first; refused calls are not among them. */
  carriedOut(): readonly string[];
  /** How many calls it had at the same moment at most. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** A koji hub in this process: the protocol is real and strict, the builders are those of `state`. */
export async function startKojiHub(options: KojiHubOptions): Promise<KojiHub> {
  const sessions = hubSessions({ headerAuth: options.headerAuth ?? true });
  const troubles = hubTroubles(sessions);
  const carriedOut: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;

  /** One call, from its session to its answer. Throws the fault instead. */
  function carryOut(request: IncomingMessage, { method, params }: XmlRpcCall): string {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub');
    troubles.mayRefuse(method);
    const claim = sessions.claimOf(request.headers, searchParams, method);
    runScheduler(options.state);
    const client = clientOf(request, options);
    let wrote = false;
    const value = dispatch(method, params, {
      ...options,
      sessions,
      session: claim?.session,
      ...client,
      atSslLogin: pathname.endsWith('/ssllogin'),
      wrote: () => {
        wrote = true;
      },
    });
    if (wrote && claim?.callnum !== undefined) claim.session.callnum = claim.callnum;
    carriedOut.push(method);
    return encodeAnswer(value);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return plain(response, 405, 'Method Not Allowed');
    const call = await readCall(request);
    if (call === undefined) return plain(response, 400, 'Bad Request');
    await nextTurn();
    const first = orFault(() => carryOut(request, call));
    const last = troubles.isResent(call.method) ? orFault(() => carryOut(request, call)) : first;
    if (troubles.isDropped(call.method)) return void request.socket.destroy();
    if (troubles.isStalled(call.method)) return;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(last);
  }

  function counted(request: IncomingMessage, response: ServerResponse): void {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    answer(request, response)
      .catch((bug: unknown) => plain(response, 500, String(bug)))
      .finally(() => {
        atOnce -= 1;
      });
  }

  const { tls } = options;
  const server = tls
    ? createHttps({ ...tls, requestCert: true, rejectUnauthorized: false }, counted)
    : createHttp(counted);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    ...troubles,
    url: new URL(`${tls ? 'https' : 'http'}://${options.host}:${port}/kojihub`),
    carriedOut: () => carriedOut,
    mostAtOnce: () => mostAtOnce,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readCall(request: IncomingMessage): Promise<XmlRpcCall | undefined> {
  // The real hub would look at the text anyway; a client that names another type is wrong all the same.
  if (!/^text\/xml\b/.test(request.headers['content-type'] ?? '')) return undefined;
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const body = Buffer.concat(parts);
  if (body.byteLength > MAX_REQUEST_BYTES) return undefined;
  try {
    return decodeCall(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function orFault(work: () => string): string {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof KojiFault) return encodeFault(fault.code, fault.text);
    // As the real hub does with an exception that is not its own.
    return encodeFault(1, `<class 'Exception'>: ${fault}`);
  }
}

function clientOf(request: IncomingMessage, { frontEnd, clientName }: KojiHubOptions) {
  const { headers } = request;
  if (frontEnd === undefined) {
    return { clientName: certifiedName(request) ?? clientName, remoteUser: undefined };
  }
  const believed = headers['x-front-end'] === frontEnd;
  const said = (name: string) => (believed ? String(headers[name] ?? '') : '') || undefined;
  return { clientName: said('x-client-name'), remoteUser: said('x-remote-user') };
}

function certifiedName({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const name = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' ? name : undefined;
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`);
}
