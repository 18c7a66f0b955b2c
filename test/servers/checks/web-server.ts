import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from './certificates.ts';

/** What a path answers. */
export type Answers = Record<string, (request: IncomingMessage, response: ServerResponse) => void>;

export interface WebServer {
  readonly port: number;
  /** The Host header and SNI of each request. */
  readonly asked: readonly { readonly host: string; readonly sni: unknown }[];
  stop(): Promise<void>;
}

/** Node's own web server on 127.0.0.1, with TLS when it has a certificate. */
export async function webServer(answers: Answers, tls?: KeyAndCertificate): Promise<WebServer> {
  const asked: { host: string; sni: unknown }[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { servername } = request.socket as TLSSocket;
    asked.push({ host: request.headers.host ?? '', sni: servername });
    const answer = answers[request.url ?? ''];
    if (answer !== undefined) return answer(request, response);
    response.writeHead(404).end();
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
