import { AsyncLocalStorage } from 'node:async_hooks';

/** What the SDK hands to its HTTP client, as far as it is used. */
interface Asked {
  readonly uri: string;
  readonly method: string;
  readonly qs?: Readonly<Record<string, unknown>> | null;
  readonly body?: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
}

interface Answered {
  readonly statusCode: number;
  readonly body: string;
}

type Callback = (problem: unknown, answer?: Answered, body?: string) => void;

const calling = new AsyncLocalStorage<AbortSignal>();

/** Makes whatever the SDK asks meanwhile end with the signal. */
export function withSignal<Result>(signal: AbortSignal, call: () => Promise<Result>) {
  return calling.run(signal, call);
}

/**
 * The SDK's HTTP client on fetch, in the place of one that is no longer maintained. The header Retry-After, which the SDK
 * does not pass on, stands in the body of an error as `retry_after_ms` afterwards.
 */
export function fetchRequest(asked: Asked, callback: Callback): void {
  answer(asked).then(
    (found) => callback(null, found, found.body),
    (problem) => callback(problem),
  );
}

async function answer({ uri, method, qs, body, headers, timeout }: Asked): Promise<Answered> {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(qs ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.append(name, String(value));
  }
  const patience = AbortSignal.timeout(timeout);
  const stopped = calling.getStore();
  const response = await fetch(url, {
    method,
    headers,
    // An access token is for this server only.
    redirect: 'error',
    signal: stopped ? AbortSignal.any([stopped, patience]) : patience,
    ...(body !== undefined && { body: body as string }),
  });
  const text = await response.text();
  const waitMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
  const isLimited = response.status === 429 && waitMs !== undefined;
  return { statusCode: response.status, body: isLimited ? withWait(text, waitMs) : text };
}

/** Seconds, or a moment. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isNaN(waitMs) ? undefined : Math.max(waitMs, 0);
}

function withWait(text: string, waitMs: number): string {
  const limited = { errcode: 'M_LIMIT_EXCEEDED', error: 'Too many requests' };
  return JSON.stringify({ ...limited, ...objectIn(text), retry_after_ms: waitMs });
}

function objectIn(text: string): object {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
