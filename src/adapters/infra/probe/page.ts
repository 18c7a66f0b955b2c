import type { CheckTarget } from '../../../domain/service-check.ts';

/** More of a body is not read, and not looked at. */
export const MOST_BODY = 256 * 1024;

export interface Page {
  readonly status: number;
  /** Milliseconds since 1970; undefined where it does not say. */
  readonly modifiedAt: number | undefined;
  readonly body: string;
  /** Of its certificate; undefined without TLS, and where another host asked. */
  readonly daysLeft: number | undefined;
}

type WebPlace = Extract<CheckTarget, { kind: 'http' }>;

/** What is fetched of a member or of the public name. */
export interface PageWanted extends Pick<WebPlace, 'scheme' | 'port' | 'path' | 'redirects'> {
  /** For the Host header, SNI and the certificate. */
  readonly name: string;
}

/** Fetches one page. Throws the errors of the connection, Misbehaviour, or NotAsked. */
export type FetchPage = (wanted: PageWanted, signal: AbortSignal) => Promise<Page>;

export function momentOf(header: string | undefined): number | undefined {
  const at = Date.parse(header ?? '');
  return Number.isNaN(at) ? undefined : at;
}
