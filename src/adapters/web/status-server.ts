import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure, rootMessage } from '../../domain/failure.ts';

/** One thing that has to be so for a process to do its work. */
export interface Readiness {
  readonly about: string;
  readonly ready: boolean;
  readonly text: string;
}

export interface StatusServerOptions {
  /** `PORT` or `ADDRESS:PORT`; without an address on loopback, where nobody else can ask. */
  readonly listen: string;
  metrics(): Promise<string>;
  readiness(): Promise<readonly Readiness[]>;
}

export interface StatusServer {
  /** As it is reached, e.g. `127.0.0.1:9464`. */
  readonly at: string;
  close(): Promise<void>;
}

/** `/healthz`: this process turns its wheels. `/readyz`: it can do its work now, or why not. `/metrics`: for Prometheus. */
export async function startStatusServer(options: StatusServerOptions): Promise<StatusServer> {
  const { host, port } = placeOf(options.listen);
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, options).catch((problem) =>
      reply(response, 500, `${rootMessage(problem)}\n`),
    );
  });
  server.listen(port, host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw cannotListen(options.listen, rootMessage(cause));
  });
  const { address, port: taken } = server.address() as AddressInfo;
  return {
    at: `${address.includes(':') ? `[${address}]` : address}:${taken}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  url: string,
  response: ServerResponse,
  { metrics, readiness }: StatusServerOptions,
): Promise<void> {
  switch (url.split('?')[0]) {
    case '/healthz':
      return reply(response, 200, 'ok\n');
    case '/readyz': {
      const all = await readiness();
      const lines = all.map(
        ({ about, ready, text }) => `${ready ? 'ok' : 'NO'}  ${about}: ${text}\n`,
      );
      return reply(response, all.every(({ ready }) => ready) ? 200 : 503, lines.join(''));
    }
    case '/metrics':
      return reply(response, 200, await metrics(), 'text/plain; version=0.0.4; charset=utf-8');
    default:
      return reply(response, 404, 'there are /healthz, /readyz and /metrics\n');
  }
}

function reply(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

function placeOf(listen: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d{1,5})$/.exec(listen) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw cannotListen(listen, 'it is no ADDRESS:PORT');
  return { host: bracketed ?? plain ?? '127.0.0.1', port: Number(port) };
}

function cannotListen(listen: string, because: string): Failure {
  return new Failure({
    code: 'status.cannot-listen',
    problem: `Nobody could ask at ${listen} how this process is`,
    because,
    effect: 'none',
    next: 'Give --status another port, or ADDRESS:PORT of this machine.',
  });
}
