import { setTimeout as delay } from 'node:timers/promises';
import {
  type Logger,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebClient,
} from '@slack/web-api';
import { rootMessage } from '../../../domain/failure.ts';

/** What came of a call. */
export type Answer =
  | { readonly kind: 'done'; readonly body: unknown }
  /** Slack said no, with its own word for it, and did nothing. */
  | { readonly kind: 'refused'; readonly error: string }
  /** Nobody knows whether it was done. */
  | { readonly kind: 'unknown'; readonly because: string };

export interface WebApi {
  /** A 429 is obeyed, for this method alone, as long as `patienceMs` lasts; then it is refused as `ratelimited`. */
  call(
    method: string,
    args: Readonly<Record<string, unknown>>,
    patienceMs?: number,
  ): Promise<Answer>;
}

export interface WebApiOptions {
  readonly url: string;
  readonly token: string;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 10_000;
const PATIENCE_MS = 60_000;
/** Of these Slack itself says that some of it may have been done, or that it lost the request. */
const UNSURE = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/**
 * Slack's methods, each asked once: the client would repeat what was answered with a 500 and post it twice, and would hold
 * everything back for the limit of one method.
 */
export function openWebApi({ url, token, logger, signal }: WebApiOptions): WebApi {
  const client = new WebClient(token, {
    slackApiUrl: url,
    logger,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  });
  const heldUntil = new Map<string, number>();

  async function ask(method: string, args: Readonly<Record<string, unknown>>) {
    try {
      return { kind: 'done', body: await client.apiCall(method, args) } as const;
    } catch (problem) {
      return outcomeOf(problem);
    }
  }

  return {
    async call(method, args, patienceMs = PATIENCE_MS) {
      const until = performance.now() + patienceMs;
      for (;;) {
        const free = heldUntil.get(method) ?? 0;
        if (free > until) return { kind: 'refused', error: 'ratelimited' };
        if (!(await waited(free - performance.now(), signal))) return STOPPED;
        const answer = await ask(method, args);
        if (answer.kind !== 'limited') return answer;
        heldUntil.set(method, performance.now() + answer.forMs);
      }
    },
  };
}

const STOPPED = { kind: 'refused', error: 'stopped' } as const;

async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

function outcomeOf(
  problem: unknown,
): Answer | { readonly kind: 'limited'; readonly forMs: number } {
  if (problem instanceof WebAPIRateLimitedError) {
    return { kind: 'limited', forMs: problem.retryAfter * 1_000 };
  }
  if (problem instanceof WebAPIPlatformError && !UNSURE.has(problem.data.error)) {
    return { kind: 'refused', error: problem.data.error };
  }
  if (problem instanceof WebAPIHTTPError) {
    return { kind: 'unknown', because: `it answered ${problem.statusCode}` };
  }
  return { kind: 'unknown', because: rootMessage(problem) };
}
