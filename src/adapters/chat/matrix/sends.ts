import * as z from 'zod';
import type { Encryption } from './encryption/encryption.ts';
import { type Homeserver, saidBy } from './homeserver.ts';

const Sent = z.object({ event_id: z.string().min(1) });
const Uploaded = z.object({ content_uri: z.string().startsWith('mxc://') });
const UPLOAD_MS = 120_000;

export interface Sending {
  readonly room: string;
  readonly type: string;
  readonly content: object;
  /** The same at every try of one thing. */
  readonly transaction: string;
}

/** The id of the event, also of one that stands there from an earlier try. */
export async function sendEvent(
  server: Homeserver,
  { room, type, content, transaction }: Sending,
): Promise<string> {
  const { event_id } = await server.call({
    method: 'PUT',
    path: `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/${type}/${transaction}`,
    what: 'take a message',
    body: content,
    answer: Sent,
  });
  return event_id;
}

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The content of a message that shows a text as a file, with `encryption` one that only the room can read. Again: another copy
 * on the server, which nobody sees.
 */
export async function fileContent(
  server: Homeserver,
  { name, text }: TextFile,
  encryption: Encryption | undefined,
): Promise<object> {
  const bytes = Buffer.from(text.toWellFormed());
  const about = {
    msgtype: 'm.file',
    body: name,
    filename: name,
    info: { mimetype: 'text/plain', size: bytes.length },
    'm.mentions': {},
  };
  if (encryption === undefined) {
    const type = 'text/plain; charset=utf-8';
    return { ...about, url: await upload(server, { bytes, type, query: { filename: name } }) };
  }
  const hidden = encryption.hide(bytes);
  const type = 'application/octet-stream';
  const url = await upload(server, { bytes: hidden.bytes, type, query: {} });
  return { ...about, file: { ...hidden.how, url } };
}

interface Upload {
  readonly bytes: Buffer;
  readonly type: string;
  readonly query: Readonly<Record<string, string>>;
}

async function upload(server: Homeserver, { bytes, type, query }: Upload): Promise<string> {
  const { content_uri } = await server.call({
    method: 'POST',
    path: '/_matrix/media/v3/upload',
    what: 'take a file',
    query,
    body: bytes,
    contentType: type,
    answer: Uploaded,
    patienceMs: UPLOAD_MS,
  });
  return content_uri;
}

const Found = z.object({
  unsigned: z.object({ redacted_because: z.unknown() }).partial().optional(),
});

/** Whether a message is in the room and nobody deleted it. */
export async function isStanding(server: Homeserver, room: string, id: string): Promise<boolean> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/event/${encodeURIComponent(id)}`;
  try {
    const found = await server.call({ method: 'GET', path, what: 'show a message', answer: Found });
    return found.unsigned?.redacted_because === undefined;
  } catch (problem) {
    if (saidBy(problem) === undefined) throw problem;
    return false;
  }
}
