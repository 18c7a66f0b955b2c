import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookServer {
  readonly url: URL;
  /** Everything that arrived, in order. */
  readonly received: readonly Received[];
  /** What it answers from now on, one after the other and the last again and again; 204 when there is none. */
  answers(...next: readonly Answer[]): void;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse) => void;

/** A real HTTP server on this machine that keeps what it was sent. */
export async function webhookServer(): Promise<WebhookServer> {
  const received: Received[] = [];
  let answers: readonly Answer[] = [status(204)];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ path: request.url ?? '', headers: request.headers, body });
    const [answer, ...rest] = answers;
    if (rest.length > 0) answers = rest;
    answer?.(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/hook?for=signalbox`),
    received,
    answers(...next) {
      answers = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(code, headers).end('who reads this?');
}

/** Takes the report and says nothing. */
export const silence: Answer = () => {};

export const hangUp: Answer = (response) => void response.destroy();
