import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { decodeAnswer } from './decode-xml-rpc.ts';
import { encodeCall } from './encode-xml-rpc.ts';
import type { XmlRpcCall, XmlRpcValue } from './xml-rpc-value.ts';

/** PEM texts. Node's fetch takes no client certificate, so everything goes through node:https. */
export interface TlsFiles {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

export interface XmlRpcRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsFiles;
  /** Of TLS; the newest that both sides have when absent. */
  readonly maxVersion?: 'TLSv1.2';
  /** The only kind of address that it may go to. */
  readonly family?: 4 | 6;
  readonly call: XmlRpcCall;
  readonly maxAnswerBytes: number;
  /** Ends the request wherever it is. */
  readonly signal: AbortSignal;
}

/** The request never left this machine, so nothing can have happened there. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** Something answered, but not with XML-RPC. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/**
 * Throws the KojiFault of the answer, NotSent, HttpRefusal, XmlRpcSyntaxError for an answer that cannot be read,
 * or the error of the connection. After the last two the call may have been carried out.
 */
export async function callXmlRpc(request: XmlRpcRequest): Promise<XmlRpcValue> {
  const body = encode(request.call);
  const answer = await post(request, body);
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new HttpRefusal(answer.statusCode ?? 0);
  }
  return decodeAnswer(await readText(answer, request.maxAnswerBytes));
}

function encode(call: XmlRpcCall): Buffer {
  try {
    return Buffer.from(encodeCall(call));
  } catch (cause) {
    throw new NotSent('it cannot be encoded', { cause });
  }
}

function post(request: XmlRpcRequest, body: Buffer) {
  const { url, headers, tls, maxVersion, family, signal } = request;
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'text/xml', 'content-length': body.byteLength },
    // A kept connection may be closed by the hub while we write; nobody could then say what was done.
    agent: false,
    signal,
    ...(family === undefined ? {} : { family }),
  };
  const tlsOptions = maxVersion === undefined ? tls : { ...tls, maxVersion };
  return new Promise<IncomingMessage>((resolve, reject) => {
    const secure = url.protocol === 'https:';
    const outgoing = secure
      ? httpsRequest(url, { ...options, ...tlsOptions })
      : httpRequest(url, options);
    let connected = false;
    outgoing.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    outgoing.on('error', (cause) => {
      reject(connected ? cause : new NotSent('no connection', { cause }));
    });
    outgoing.on('response', resolve);
    outgoing.end(body);
  });
}

async function readText(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > maxBytes) {
      answer.destroy();
      throw new Error(`its answer is larger than ${maxBytes} bytes`);
    }
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
}
