import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export type Reply =
  | { readonly kind: 'text'; readonly status: number; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

export const NOT_FOUND: Reply = { kind: 'text', status: 404, text: 'not found\n' };

export function text(content: string, status = 200): Reply {
  return { kind: 'text', status, text: content };
}

/** Nothing of it may be kept on the way: it holds nonces. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.kind === 'file') return sendFile(response, reply.path);
  const bytes = Buffer.from(reply.text);
  const type = 'text/plain; charset=utf-8';
  const headers = { ...HEADERS, 'content-type': type, 'content-length': bytes.length };
  response.writeHead(reply.status, headers).end(response.req.method === 'HEAD' ? '' : bytes);
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const { size } = await stat(path);
  const headers = {
    ...HEADERS,
    'content-type': 'application/octet-stream',
    'content-length': size,
  };
  response.writeHead(200, headers);
  if (response.req.method === 'HEAD') response.end();
  // A client that goes away in the middle is its own business.
  else await pipeline(createReadStream(path), response).catch(() => response.destroy());
}
