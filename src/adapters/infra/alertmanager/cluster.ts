import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { NonEmpty } from '../../../domain/non-empty.ts';
import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { readNamedFile } from '../../read-named-file.ts';
import { type ApiCall, noAnswer, noneAnswers, refused, unreadable } from './api-call.ts';
import { callHttp, type HttpAnswer } from './http.ts';

export type AlertmanagerLogin =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

export interface ClusterOptions {
  /** Members of one cluster, which tell each other about silences. */
  readonly urls: NonEmpty<URL>;
  /** Names of secrets, not the secrets. */
  readonly login: AlertmanagerLogin;
  readonly secrets: SecretSource;
  readonly caFile: string | undefined;
  /** For each member. */
  readonly timeoutMs: number;
}

export interface Cluster {
  /** The first member that answers; the next call begins with it. A Failure when none does, or when it refuses. */
  call(what: ApiCall, host: HostName, signal: AbortSignal): Promise<unknown>;
  /** One member. */
  ask(url: URL, what: ApiCall, host: HostName, signal: AbortSignal): Promise<unknown>;
}

export function alertmanagerCluster(options: ClusterOptions): Cluster {
  const { urls } = options;
  let first = 0;

  async function ask(url: URL, what: ApiCall, host: HostName, signal: AbortSignal) {
    const credentials = await credentialsOf(options, host, signal);
    const answer = await send(url, what, { ...credentials, ...options, signal });
    if (answer.status >= 400) throw refused(url, what, answer);
    return parse(url, what, answer);
  }

  return {
    ask,
    async call(what, host, signal) {
      const silent: Failure[] = [];
      for (let place = 0; place < urls.length; place += 1) {
        const now = (first + place) % urls.length;
        try {
          const answer = await ask(urls[now] as URL, what, host, signal);
          first = now;
          return answer;
        } catch (problem) {
          if (!(problem instanceof Failure) || problem.code !== 'downtime.no-answer') throw problem;
          silent.push(problem);
        }
      }
      throw silent.length === 1 ? silent[0] : noneAnswers(what, silent);
    },
  };
}

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | undefined;
}

/** Read anew for each call, so that what is renewed needs no restart. */
async function credentialsOf(
  { login, secrets, caFile }: ClusterOptions,
  host: HostName,
  signal: AbortSignal,
): Promise<Credentials> {
  const ca = caFile === undefined ? undefined : await readAuthority(caFile);
  if (login.kind === 'none') return { headers: {}, ca };
  const name = login.kind === 'basic' ? login.password : login.token;
  const secret = (await secrets.read(name, host, signal)).trim();
  const authorization =
    login.kind === 'basic'
      ? `Basic ${Buffer.from(`${login.user}:${secret}`).toString('base64')}`
      : `Bearer ${secret}`;
  return { headers: { authorization }, ca };
}

function readAuthority(path: string): Promise<string> {
  return readNamedFile(path, {
    code: 'downtime.no-authority',
    problem: `ca-file ${path} cannot be read`,
    next: 'Correct ca-file of the downtime driver, or let the worker read it.',
  });
}

async function send(
  base: URL,
  what: ApiCall,
  { headers, ca, timeoutMs, signal }: Credentials & { timeoutMs: number; signal: AbortSignal },
): Promise<HttpAnswer> {
  const late = AbortSignal.timeout(timeoutMs);
  const call = { method: what.method, url: urlOf(base, what), headers, ca, body: what.body };
  try {
    return await callHttp({ ...call, signal: AbortSignal.any([signal, late]) });
  } catch (cause) {
    signal.throwIfAborted();
    const because = late.aborted ? `nothing within ${timeoutMs / 1000} s` : rootMessage(cause);
    throw noAnswer(base, what, because, cause);
  }
}

function urlOf(base: URL, { path, query = {} }: ApiCall): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v2/${path}`;
  url.search = new URLSearchParams(query).toString();
  return url;
}

function parse(url: URL, what: ApiCall, { text }: HttpAnswer): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(url, what, cause);
  }
}
