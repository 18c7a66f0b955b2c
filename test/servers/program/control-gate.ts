import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually, PATIENCE_MS } from './eventually.ts';

/** A call that stands at the gate. */
export interface HeldCall {
  letGo(): void;
}

/** Stands between the workers and the lab's controls, and holds calls so that something can happen at that moment. */
export interface ControlGate {
  /** Settles when the next call of this path has come: `before` it has any effect, or `after` it, before it is answered. */
  hold(moment: 'before' | 'after', path: string): Promise<HeldCall>;
  close(): Promise<void>;
}

/** Puts the gate into a lab's configuration, instead of the controls themselves. */
export async function gateBefore(configPath: string): Promise<ControlGate> {
  const text = await readFile(configPath, 'utf8');
  const target = /control: (\S+)/.exec(text)?.[1] ?? '';
  const wanted = new Map<string, (held: HeldCall) => void>();

  async function holdAt(moment: string, path: string): Promise<void> {
    const tell = wanted.get(`${moment} ${path}`);
    wanted.delete(`${moment} ${path}`);
    if (tell !== undefined) await new Promise<void>((letGo) => tell({ letGo }));
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '/', method = 'POST' } = request;
    const body = await bodyOf(request);
    await holdAt('before', path);
    if (response.destroyed) return;
    const authorization = request.headers.authorization ?? '';
    const answer = await fetch(new URL(path, target), { method, body, headers: { authorization } });
    const answered = await answer.text();
    await holdAt('after', path);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answered);
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await writeFile(configPath, text.replaceAll(target, `http://127.0.0.1:${port}`));
  return {
    async hold(moment, path) {
      let caught: HeldCall | undefined;
      wanted.set(`${moment} ${path}`, (held) => {
        caught = held;
      });
      await eventually(
        () => caught !== undefined,
        PATIENCE_MS,
        () => `${moment} ${path}`,
      );
      return caught as HeldCall;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
