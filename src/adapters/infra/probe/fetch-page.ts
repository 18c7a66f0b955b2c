import type { TLSSocket } from 'node:tls';
import { Client, type Dispatcher } from 'undici';
import { Misbehaviour } from './came.ts';
import { daysLeft, openConnection, secure } from './connect.ts';
import { type FetchPage, MOST_BODY, momentOf, type Page, type PageWanted } from './page.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_HEADERS = 32 * 1024;

interface FetchOptions {
  /** Where every connection goes, whatever the name means. */
  readonly address: string;
  readonly authorities: readonly string[] | undefined;
  readonly now: () => number;
}

/** One connection for each page, straight to the address: no proxy, nothing kept, nothing taken over from before. */
export function pageFetcher(options: FetchOptions): FetchPage {
  return async (wanted, signal) => {
    let next = wanted;
    for (let left = wanted.redirects; ; left -= 1) {
      const { page, location } = await fetchOnce(next, options, signal);
      if (left === 0 || location === undefined) return page;
      next = { ...next, ...follow(next, location) };
    }
  };
}

async function fetchOnce(wanted: PageWanted, options: FetchOptions, signal: AbortSignal) {
  let days: number | undefined;
  const client = new Client(originOf(wanted), {
    pipelining: 0,
    maxHeaderSize: MOST_HEADERS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_, callback) => {
      connection(wanted, options, signal).then(
        (socket) => {
          if ('getPeerCertificate' in socket) days = daysLeft(socket, options.now());
          callback(null, socket);
        },
        (problem) => callback(problem, null),
      );
    },
  });
  try {
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'signalbox' };
    const answer = await client.request({ method: 'GET', path: wanted.path, headers, signal });
    const page = await pageOf(answer, days);
    const location = REDIRECTS.includes(page.status) ? text(answer.headers.location) : undefined;
    return { page, location };
  } finally {
    await client.destroy();
  }
}

async function connection(
  { scheme, port, name }: PageWanted,
  { address, authorities }: FetchOptions,
  signal: AbortSignal,
) {
  const socket = await openConnection(address, port, signal);
  return scheme === 'https' ? ((await secure(socket, name, authorities)) as TLSSocket) : socket;
}

async function pageOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  days: number | undefined,
): Promise<Page> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.byteLength;
    if (bytes >= MOST_BODY) break;
  }
  return {
    status: statusCode,
    modifiedAt: momentOf(text(headers['last-modified'])),
    body: Buffer.concat(parts).subarray(0, MOST_BODY).toString('utf8'),
    daysLeft: days,
  };
}

/** To the same name, and never from TLS to none. */
function follow(from: PageWanted, location: string): Pick<PageWanted, 'scheme' | 'port' | 'path'> {
  const base = new URL(from.path, originOf(from));
  const to = URL.parse(location, base.href);
  const scheme = to?.protocol === 'https:' ? 'https' : 'http';
  if (to === null || !/^https?:$/.test(to.protocol) || to.hostname !== base.hostname)
    throw new Misbehaviour('a redirect to another name');
  if (from.scheme === 'https' && scheme === 'http')
    throw new Misbehaviour('a redirect from https to http');
  const port = Number(to.port) || (scheme === 'https' ? 443 : 80);
  return { scheme, port, path: `${to.pathname}${to.search}` };
}

function originOf({ scheme, name, port }: PageWanted): string {
  return new URL(`${scheme}://${name}:${port}`).origin;
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
