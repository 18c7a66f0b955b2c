import { createHmac } from 'node:crypto';
import type { WebSocketConnection } from './websocket-server.ts';

export type Kind = 'events_api' | 'interactive' | 'slash_commands';

type Headers = Readonly<Record<string, string>>;

interface Sent {
  readonly body: string;
  readonly headers: Headers;
}

/** What the app did with it: `response` is what it put into its acknowledgement. */
export interface Delivered {
  readonly acked: boolean;
  readonly response?: unknown;
  /** Of a request: what went over the line at the last try, and the answer. */
  readonly sent?: Sent;
  readonly status?: number;
}

export interface Request {
  /** Seconds by which the time stamp is off. */
  readonly skewS?: number;
  /** Signed with another secret. */
  readonly forged?: true;
}

export interface DeliveriesOptions {
  /** Where requests go; without it everything goes through a socket. */
  readonly requestUrl?: string;
  readonly signingSecret: string;
  /** An event that was not acknowledged is sent again after these. Slack waits for no time, a minute and five. */
  readonly retryMs: readonly number[];
  readonly ackWithinMs: number;
  readonly newId: (letter: string) => string;
}

/** How payloads get to the app: https://docs.slack.dev/apis/events-api and …/using-socket-mode */
export interface Deliveries {
  readonly sockets: Set<WebSocketConnection>;
  /** An event is sent again until it was acknowledged or Slack gives up; anything else is sent once. */
  deliver(kind: Kind, payload: object): Promise<Delivered>;
  /** One request, however it ends. */
  request(kind: Kind, payload: object, how?: Request): Promise<Delivered>;
  /** A request once more, byte for byte, as somebody sends it who recorded it; headers may be others. */
  replay(delivered: Delivered, headers?: Headers): Promise<Delivered>;
  /** What a socket said. */
  hear(text: string): void;
  /** The next envelope is sent, and the line is cut before it can be acknowledged. */
  cutAfterNext(): void;
  /** Nothing more is sent again. */
  stop(): void;
}

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { requestUrl, signingSecret, retryMs, ackWithinMs, newId } = options;
  const sockets = new Set<WebSocketConnection>();
  const waiting = new Map<string, (response: unknown) => void>();
  let isCutting = false;
  let isStopped = false;

  async function overSocket(kind: Kind, payload: object, attempt: number): Promise<Delivered> {
    const [socket] = [...sockets].reverse();
    if (socket === undefined) return { acked: false };
    const envelope_id = newId('E');
    const answered = Promise.withResolvers<Delivered>();
    waiting.set(envelope_id, (response) => answered.resolve({ acked: true, response }));
    const timer = setTimeout(() => answered.resolve({ acked: false }), ackWithinMs);
    const retry = attempt > 0 && { retry_attempt: attempt, retry_reason: 'timeout' };
    const accepts = { accepts_response_payload: kind !== 'events_api' };
    socket.send(JSON.stringify({ envelope_id, type: kind, payload, ...accepts, ...retry }));
    if (isCutting) {
      isCutting = false;
      waiting.delete(envelope_id);
      sockets.delete(socket);
      socket.cut();
      answered.resolve({ acked: false });
    }
    const delivered = await answered.promise;
    clearTimeout(timer);
    waiting.delete(envelope_id);
    return delivered;
  }

  async function overHttp(
    kind: Kind,
    payload: object,
    how: Request,
    attempt = 0,
  ): Promise<Delivered> {
    const { body, type } = bodyOf(kind, payload);
    const at = Math.floor(Date.now() / 1_000) + (how.skewS ?? 0);
    const secret = how.forged ? 'another secret' : signingSecret;
    const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
    const headers = {
      'content-type': type,
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${signature}`,
      ...(attempt > 0 && {
        'x-slack-retry-num': String(attempt),
        'x-slack-retry-reason': 'http_error',
      }),
    };
    return send({ body, headers });
  }

  async function send(sent: Sent): Promise<Delivered> {
    const { body, headers } = sent;
    try {
      const response = await fetch(requestUrl ?? '', { method: 'POST', body, headers });
      const text = await response.text();
      const { status } = response;
      return { acked: response.ok, status, sent, ...(text !== '' && { response: asJson(text) }) };
    } catch {
      return { acked: false, sent };
    }
  }

  function once(kind: Kind, payload: object, attempt: number): Promise<Delivered> {
    return requestUrl === undefined
      ? overSocket(kind, payload, attempt)
      : overHttp(kind, payload, {}, attempt);
  }

  return {
    sockets,
    async deliver(kind, payload) {
      let delivered = await once(kind, payload, 0);
      if (kind !== 'events_api') return delivered;
      for (const [nth, ms] of retryMs.entries()) {
        if (delivered.acked || isStopped) break;
        await new Promise((resolve) => setTimeout(resolve, ms));
        delivered = await once(kind, payload, nth + 1);
      }
      return delivered;
    },
    request: (kind, payload, how = {}) => overHttp(kind, payload, how),
    async replay({ sent }, headers = {}) {
      if (sent === undefined) throw new Error('no request was sent');
      return send({ ...sent, headers: { ...sent.headers, ...headers } });
    },
    hear(text) {
      const { envelope_id, payload } = JSON.parse(text);
      waiting.get(envelope_id)?.(payload);
    },
    cutAfterNext() {
      isCutting = true;
    },
    stop() {
      isStopped = true;
    },
  };
}

/** Events come as JSON, what people press as a form with JSON in it, commands as a form. */
function bodyOf(kind: Kind, payload: object) {
  if (kind === 'events_api') return { body: JSON.stringify(payload), type: 'application/json' };
  const form =
    kind === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : (payload as Record<string, string>);
  return {
    body: new URLSearchParams(form).toString(),
    type: 'application/x-www-form-urlencoded',
  };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
