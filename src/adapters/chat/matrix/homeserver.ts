import { setTimeout as delay } from 'node:timers/promises';
import type { MatrixClient } from 'matrix-bot-sdk';
import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { fetchRequest, withSignal } from './fetch-request.ts';
import { loadSdk } from './load-sdk.ts';
import {
  loginRefused,
  noConnection,
  notUnderstood,
  refusedByServer,
  type ServerError,
} from './matrix-failure.ts';

const PATIENCE_MS = 30_000;
/** Where a server does not say how long. */
const LIMITED_MS = 2_000;

export interface Call<Answer> {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  /** What it is for, as in "refused to …". */
  readonly what: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object | Buffer;
  /** Of a body that is bytes. */
  readonly contentType?: string;
  readonly answer: z.ZodType<Answer>;
  readonly patienceMs?: number;
}

/** A homeserver that we are logged in to. */
export interface Homeserver {
  /** As people write it. */
  readonly name: string;
  readonly client: MatrixClient;
  /**
   * Waits as long as the server wants when it has too much to do (M_LIMIT_EXCEEDED), and so does whatever else writes meanwhile,
   * or reads. Throws a Failure otherwise; without an answer the effect of whatever writes is unknown.
   */
  call<Answer>(call: Call<Answer>): Promise<Answer>;
}

export interface HomeserverOptions {
  readonly url: URL;
  readonly token: string;
  readonly signal: AbortSignal;
}

export async function openHomeserver({ url, token, signal }: HomeserverOptions) {
  const sdk = await loadSdk();
  sdk.setRequestFn(fetchRequest);
  const client = new sdk.MatrixClient(url.href, token);
  const name = url.host;
  const notBefore = { reads: 0, writes: 0 };

  async function once<Answer>({ method, path, what, ...call }: Call<Answer>): Promise<unknown> {
    const { query = null, body = null, patienceMs = PATIENCE_MS, contentType } = call;
    try {
      return await withSignal(signal, () =>
        client.doRequest(method, path, query, body, patienceMs, false, contentType),
      );
    } catch (problem) {
      throw failureOf(problem, { server: name, method, what });
    }
  }

  const homeserver: Homeserver = {
    name,
    client,
    async call(call) {
      const kind = call.method === 'GET' ? 'reads' : 'writes';
      for (;;) {
        await untilThen(notBefore[kind], signal);
        try {
          return understood(await once(call), call, name);
        } catch (problem) {
          if (!(problem instanceof Limited)) throw problem;
          notBefore[kind] = Math.max(notBefore[kind], performance.now() + problem.waitMs);
        }
      }
    },
  };
  return homeserver;
}

/** The server wants us to wait. Nothing was done. */
class Limited extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super(`wait ${waitMs} ms`);
    this.waitMs = waitMs;
  }
}

async function untilThen(at: number, signal: AbortSignal): Promise<void> {
  const waitMs = at - performance.now();
  if (waitMs > 0) await delay(waitMs, undefined, { signal });
}

const Said = z.object({
  /** Missing where something in front of the server answered. */
  errcode: z.string().optional(),
  error: z.string().default(''),
  statusCode: z.number(),
  retryAfterMs: z.number().min(0).optional().catch(undefined),
});

interface Asked {
  readonly server: string;
  readonly method: string;
  readonly what: string;
}

function failureOf(problem: unknown, { server, method, what }: Asked): Error {
  const effect = method === 'GET' ? 'none' : 'unknown';
  const said = Said.safeParse(problem).data;
  if (said === undefined) return noConnection(server, effect, problem);
  const { errcode, error, statusCode, retryAfterMs = LIMITED_MS } = said;
  if (statusCode === 429) return new Limited(retryAfterMs);
  if (errcode === undefined || statusCode >= 500) {
    const cause = new Error(`it answered ${[statusCode, errcode].filter(Boolean).join(' ')}`);
    return noConnection(server, effect, cause);
  }
  if (statusCode === 401) return loginRefused(server, { errcode, error, statusCode });
  return refusedByServer(server, what, { errcode, error, statusCode });
}

function understood<Answer>(answer: unknown, call: Call<Answer>, server: string): Answer {
  const parsed = call.answer.safeParse(answer);
  if (!parsed.success)
    throw notUnderstood(server, call.what, new Error(z.prettifyError(parsed.error)));
  return parsed.data;
}

/** What the server answered no with; undefined for every other problem. */
export function saidBy(problem: unknown): ServerError | undefined {
  if (!(problem instanceof Failure) || problem.code !== 'matrix.refused') return undefined;
  return problem.cause as ServerError;
}
