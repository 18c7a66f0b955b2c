import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpCall {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** PEM; the system's authorities when absent. */
  readonly ca?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

const MOST_BYTES = 16 * 1024 * 1024;

/** Whatever was answered, also a refusal. Throws the error of the connection. Node's fetch takes no authority of its own. */
export async function callHttp({ url, body, headers, ca, ...rest }: HttpCall): Promise<HttpAnswer> {
  const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const json = sent && { 'content-type': 'application/json', 'content-length': sent.byteLength };
  const options: RequestOptions = { ...rest, headers: { ...headers, ...json }, agent: false };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca !== undefined && { ca }) })
        : httpRequest(url, options);
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    outgoing.end(sent);
  });
  return { status: answer.statusCode ?? 0, text: await readText(answer) };
}

async function readText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`its answer is larger than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
