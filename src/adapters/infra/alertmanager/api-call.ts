import { Failure } from '../../../domain/failure.ts';
import type { HttpAnswer, HttpCall } from './http.ts';

/** One call of the API: `path` is what comes after `/api/v2/`. */
export interface ApiCall {
  readonly method: HttpCall['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Something answered that is no Alertmanager. */
export function unreadable(url: URL | undefined, what: ApiCall, cause: unknown): Failure {
  return new Failure({
    code: 'downtime.unreadable',
    problem: `what answered ${named(what)}${url ? ` at ${url.host}` : ''} is not an Alertmanager`,
    because: 'the answer is not the one of its API, version 2',
    effect: effectOf(what),
    next: 'Check urls of the downtime driver with `signalbox check`.',
    cause,
  });
}

/** A proxy says with 5xx that it reached nobody, and Alertmanager that something is wrong with it. */
export function refused(url: URL, what: ApiCall, { status, text }: HttpAnswer): Failure {
  if (status >= 500) return noAnswer(url, what, `HTTP ${status}: ${brief(text)}`, undefined);
  return new Failure({
    code: 'downtime.refused',
    problem: `Alertmanager at ${url.host} refused ${named(what)}`,
    because: `HTTP ${status}: ${brief(text)}`,
    effect: 'none',
    next: 'Check the login and the matchers of the downtime driver.',
  });
}

export function noAnswer(url: URL, what: ApiCall, because: string, cause: unknown): Failure {
  return new Failure({
    code: 'downtime.no-answer',
    problem: `Alertmanager at ${url.host} did not answer ${named(what)}`,
    because,
    effect: effectOf(what),
    next: 'Check that it is up. It is asked again while the operation lives.',
    cause,
  });
}

export function noneAnswers(what: ApiCall, silent: readonly Failure[]): Failure {
  return new Failure({
    code: 'downtime.no-answer',
    problem: `no Alertmanager of ${silent.length} answered ${named(what)}`,
    because: silent.map(({ message }) => message).join('; '),
    effect: effectOf(what),
    next: 'Check that they are up. They are asked again while the operation lives.',
  });
}

function named({ method, path }: ApiCall): string {
  return `${method} ${path.split('/')[0]}`;
}

function effectOf({ method }: ApiCall) {
  return method === 'GET' ? 'none' : 'unknown';
}

/** One line: an answer may be a page of a proxy. */
function brief(text: string): string {
  const line = text.trim().split('\n')[0]?.replaceAll(/^"|"$/g, '') ?? '';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line || 'no reason given';
}
