import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import type { Answer } from '../adapters/infra/lab/control-protocol.ts';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { Failure } from '../domain/failure.ts';
import { type ControlCall, controlCalls } from './control-calls.ts';

export interface LabControlOptions {
  /** Whoever has it may do anything to the lab. */
  readonly token: string;
  /** Any free port when absent. */
  readonly port?: number;
}

export interface LabControl {
  /** What the lab drivers are given as `control`. */
  readonly url: string;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1024 * 1024;

/** The fleet for drivers in other processes, over HTTP on loopback. */
export async function startLabControl(
  fleet: Fleet,
  { token, port = 0 }: LabControlOptions,
): Promise<LabControl> {
  const calls = controlCalls(fleet);
  const server = createServer((request, response) => {
    if (!hasToken(request, token)) return reply(response, 401, { error: 'token' });
    const call = request.method === 'POST' ? calls.get(request.url ?? '') : undefined;
    if (call === undefined) return reply(response, 404, { error: 'no such call' });
    answer(request, call).then(
      (value) => reply(response, 200, value),
      (error: unknown) => reply(response, 500, { error: String(error) }),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, call: ControlCall): Promise<Answer> {
  try {
    const { signal } = new AbortController();
    return { value: await call(await bodyOf(request), signal) };
  } catch (error) {
    if (error instanceof Failure) return { failure: shown(error) };
    if (error instanceof z.ZodError) return { failure: badArguments(error) };
    throw error;
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error('too long');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Compared as digests, which have one length and take the same time. */
function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function shown({ code, message, effect, next }: Failure) {
  return { code, message, effect, next };
}

function badArguments(error: z.ZodError) {
  return {
    code: 'lab.bad-arguments',
    message: `The lab refused a call: ${error.issues.map(({ message }) => message).join(', ')}`,
    effect: 'none' as const,
    next: 'Nothing was changed. Correct the call.',
  };
}
