import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Client } from 'undici';
import { type Effect, Failure, rootMessage } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';

export interface BmcCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body?: unknown;
}

export interface BmcAccess {
  readonly host: HostName;
  readonly authorization: string;
  /** PEM of the authority that signs the controllers' certificates; the system's when absent. */
  readonly ca: string | undefined;
  /** In hex: this certificate and no other, whoever signed it. */
  readonly fingerprint: string | undefined;
  readonly timeoutMs: number;
}

const MOST_BYTES = 512 * 1024;

/** One call over a connection of its own, since controllers keep few open. Gives what was answered with 2xx, parsed. */
export async function callBmc(
  { method, url, body }: BmcCall,
  access: BmcAccess,
  signal: AbortSignal,
): Promise<unknown> {
  // A lost GET changed nothing. A lost POST may have been carried out.
  const ifLost: Effect = method === 'GET' ? 'none' : 'unknown';
  const late = AbortSignal.timeout(access.timeoutMs);
  const client = new Client(url.origin, { pipelining: 0, connect: tlsOptions(url, access) });
  try {
    const answer = await client.request({
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: 'application/json',
        authorization: access.authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.any([signal, late]),
    });
    const text = await readText(answer.body as AsyncIterable<Buffer>);
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode < 300) return parse(text);
    const effect = statusCode >= 300 && statusCode < 500 ? 'none' : ifLost;
    throw powerFailure(
      access.host,
      'power.refused',
      `HTTP ${statusCode} to ${method} ${url.pathname}`,
      effect,
    );
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    signal.throwIfAborted();
    const because = late.aborted
      ? `nothing within ${access.timeoutMs / 1000} s`
      : rootMessage(cause);
    throw powerFailure(access.host, 'power.no-answer', because, ifLost, cause);
  } finally {
    await client.destroy();
  }
}

function tlsOptions({ hostname, port, protocol }: URL, { ca, fingerprint }: BmcAccess) {
  if (protocol === 'http:' || fingerprint === undefined) return ca === undefined ? {} : { ca };
  return (_: unknown, callback: (...end: [null, TLSSocket] | [Error, null]) => void) => {
    // What it shows is compared with what is known of it, which is stricter than any authority.
    const options = { host: hostname, port: Number(port || 443), rejectUnauthorized: false };
    const socket = connectTls(options, () => {
      const shown = socket.getPeerCertificate().fingerprint256?.replaceAll(':', '').toLowerCase();
      if (shown === fingerprint) return callback(null, socket);
      socket.destroy();
      callback(new Error(`it shows another certificate, ${shown}`), null);
    });
    socket.once('error', (problem) => callback(problem, null));
  };
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`its answer is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function powerFailure(
  host: HostName,
  code: string,
  because: string,
  effect: Effect,
  cause?: unknown,
): Failure {
  const next =
    effect === 'none'
      ? `Nothing was changed. Check the management controller of ${host}, then run it again.`
      : `The power of ${host} may have been switched. Read its state before any retry.`;
  const problem = `the management controller of ${host} failed`;
  return new Failure({ code, problem, because, effect, next, cause });
}
