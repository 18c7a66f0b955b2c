import * as z from 'zod';
import type { Place } from './message-id.ts';
import type { WebApi } from './web-api.ts';

const Ticket = z.object({ upload_url: z.url(), file_id: z.string() });
const UPLOAD_MS = 30_000;

/**
 * Shares a text as a file in the thread of a message: a ticket, the text, and the end of it
 * (https://docs.slack.dev/messaging/working-with-files). Gives why it could not, where it could not.
 */
export async function shareFile(
  api: WebApi,
  { name, text }: { readonly name: string; readonly text: string },
  { channel, ts }: Place,
): Promise<string | undefined> {
  const bytes = Buffer.from(text);
  const answer = await api.call('files.getUploadURLExternal', {
    filename: name,
    length: bytes.length,
  });
  const ticket = Ticket.safeParse(answer.kind === 'done' ? answer.body : undefined);
  if (!ticket.success) return why(answer);
  const { upload_url, file_id } = ticket.data;
  const uploaded = await upload(upload_url, bytes);
  if (uploaded !== undefined) return uploaded;
  const files = [{ id: file_id, title: name }];
  const ended = await api.call('files.completeUploadExternal', {
    files,
    channel_id: channel,
    thread_ts: ts,
  });
  return ended.kind === 'done' ? undefined : why(ended);
}

async function upload(url: string, body: Buffer<ArrayBuffer>): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(UPLOAD_MS);
    const response = await fetch(url, { method: 'POST', body, signal, redirect: 'error' });
    return response.ok ? undefined : `the upload was answered with ${response.status}`;
  } catch (problem) {
    return `the upload broke: ${problem}`;
  }
}

function why(answer: Awaited<ReturnType<WebApi['call']>>): string {
  if (answer.kind === 'refused') return answer.error;
  return answer.kind === 'unknown' ? answer.because : 'its answer was not understood';
}
