import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one request. `cut`: it is carried out, and its answer never comes. */
export type Trouble =
  | { readonly kind: 'limited'; readonly bodyMs?: number; readonly headerS?: number }
  | { readonly kind: 'cut' | 'lost' }
  | { readonly kind: 'status'; readonly status: number; readonly body?: object };

/** As much of a homeserver as the bot asks, with what a real one cannot be made to do at a chosen moment. */
export interface FakeHomeserver {
  readonly url: string;
  /** What was sent, in the order it took effect. */
  readonly sent: readonly {
    readonly type: string;
    readonly content: Record<string, unknown>;
    readonly id: string;
    readonly transaction: string;
  }[];
  /** When each request came, by its name such as `PUT send`. */
  readonly requests: readonly { readonly name: string; readonly at: number }[];
  /** The next requests of that name have these troubles, one each. */
  trouble(name: string, ...troubles: readonly Trouble[]): void;
  /** The next answer of a sync has these events. */
  says(...events: readonly unknown[]): void;
  /** The next answers of a sync are these, whole. */
  answers(...answers: readonly { readonly rooms: object }[]): void;
  /** Reactions under a message, in pages of this size. */
  reactions(message: string, events: readonly unknown[], page: number): void;
  close(): Promise<void>;
}

export const ROOM = '!ops:ops.test';
export const BOT_ID = '@signalbox:ops.test';
const NOT_FOUND = { errcode: 'M_NOT_FOUND', error: 'not there' };

export async function startFakeHomeserver(): Promise<FakeHomeserver> {
  const sent: {
    type: string;
    content: Record<string, unknown>;
    id: string;
    transaction: string;
  }[] = [];
  const requests: { name: string; at: number }[] = [];
  const troubles = new Map<string, Trouble[]>();
  /** What answers of a sync have; a token says how many of them somebody has. */
  const batches: { readonly rooms: object }[] = [];
  const relations = new Map<
    string,
    { readonly events: readonly unknown[]; readonly page: number }
  >();
  const waiting = new Set<() => void>();

  const wake = () => {
    for (const look of waiting) look();
    waiting.clear();
  };

  async function sync(url: URL): Promise<object> {
    const since = url.searchParams.get('since');
    const from = since === null ? batches.length : Number(since.slice(1));
    if (Number(url.searchParams.get('timeout')) > 0 && batches[from] === undefined) {
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        setTimeout(resolve, 200);
      });
    }
    const next = batches[from];
    return next === undefined
      ? { next_batch: `s${from}` }
      : { next_batch: `s${from + 1}`, ...next };
  }

  function send(type: string, transaction: string, content: Record<string, unknown>): object {
    const before = sent.find((one) => one.transaction === transaction);
    const id = before?.id ?? `$sent-${sent.length + 1}`;
    if (before === undefined) sent.push({ type, content, id, transaction });
    return { event_id: id };
  }

  function page(url: URL, message: string): object {
    const { events: all, page: size } = relations.get(message) ?? { events: [], page: 1 };
    const from = Number(url.searchParams.get('from') ?? 0);
    const more = from + size < all.length && { next_batch: String(from + size) };
    return { chunk: all.slice(from, from + size), ...more };
  }

  async function answer(name: string, url: URL, body: string): Promise<[number, object]> {
    const parts = url.pathname.split('/').map(decodeURIComponent);
    switch (name) {
      case 'GET whoami':
        return [200, { user_id: BOT_ID, device_id: 'BOX' }];
      case 'POST join':
        return [200, { room_id: ROOM }];
      case 'GET sync':
        return [200, await sync(url)];
      case 'PUT send':
        return [200, send(parts.at(-2) ?? '', parts.at(-1) ?? '', JSON.parse(body))];
      case 'GET relations':
        return [200, page(url, parts[7] ?? '')];
      case 'GET messages':
        return [200, { chunk: [] }];
      default:
        return [404, NOT_FOUND];
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = `${request.method} ${/(whoami|join|sync|send|relations|messages|state|event)/.exec(url.pathname)?.[1] ?? url.pathname}`;
    requests.push({ name, at: performance.now() });
    const body = await textOf(request);
    const trouble = troubles.get(name)?.shift();
    if (trouble?.kind === 'lost') return void request.socket.destroy();
    if (trouble?.kind === 'limited') return limit(response, trouble);
    if (trouble?.kind === 'status') return reply(response, trouble.status, trouble.body ?? {});
    const [status, content] = await answer(name, url, body);
    if (trouble?.kind === 'cut') return void request.socket.destroy();
    reply(response, status, content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    requests,
    trouble: (name, ...more) => void troubles.set(name, [...(troubles.get(name) ?? []), ...more]),
    says(...events) {
      batches.push({ rooms: { join: { [ROOM]: { timeline: { events } } } } });
      wake();
    },
    answers(...more) {
      batches.push(...more);
      wake();
    },
    reactions: (message, of, size) => void relations.set(message, { events: of, page: size }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function limit(
  response: ServerResponse,
  { bodyMs, headerS }: Extract<Trouble, { kind: 'limited' }>,
): void {
  if (headerS !== undefined) response.setHeader('retry-after', headerS);
  const wait = bodyMs !== undefined && { retry_after_ms: bodyMs };
  reply(response, 429, { errcode: 'M_LIMIT_EXCEEDED', error: 'slow down', ...wait });
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
