import type { OperationReport } from '../../../bot/reports/operation-report.ts';
import type { Posted, ReportWebhook } from '../../../bot/reports/report-webhook.ts';
import { rootMessage } from '../../../domain/failure.ts';
import type { WebhookSettings } from '../../config/settings.ts';
import { retryAfterMs } from './retry-after.ts';
import { signReport } from './sign-report.ts';

const PATIENCE_MS = 10_000;
/** Of the answers that are no success: what may be another one later. */
const NOT_NOW = new Set([408, 425, 429]);

export interface HttpWebhookOptions {
  readonly name: string;
  /** As they are now: a reload counts from the next try on. */
  readonly settings: () => Pick<WebhookSettings, 'url' | 'secret'>;
  readonly secret: (name: string, signal: AbortSignal) => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly patienceMs?: number;
}

/** Posts reports as JSON, signed. Redirects are not followed: the report is for who is named in the settings. */
export function httpWebhook(options: HttpWebhookOptions): ReportWebhook {
  return {
    name: options.name,
    async post(report, signal) {
      try {
        return await postOnce(options, report, signal);
      } catch (problem) {
        signal.throwIfAborted();
        return { kind: 'not-now', because: inWords(problem, options) };
      }
    },
  };
}

async function postOnce(
  { settings, secret, now, patienceMs = PATIENCE_MS }: HttpWebhookOptions,
  report: OperationReport,
  signal: AbortSignal,
): Promise<Posted> {
  const { url, secret: nameOfSecret } = settings();
  const intime = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const key = await secret(nameOfSecret, intime);
  const body = JSON.stringify(report);
  const timestamp = Math.floor(now() / 1_000);
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': report.op,
      'x-signalbox-timestamp': String(timestamp),
      'x-signalbox-signature': signReport(key, timestamp, body),
    },
    body,
    signal: intime,
  });
  // What it says beyond its status is nobody's business here.
  await response.body?.cancel();
  return read(response, now());
}

function read({ ok, status, headers }: Response, now: number): Posted {
  if (ok) return { kind: 'delivered' };
  const because = `HTTP ${status}`;
  if (status >= 300 && status < 400) {
    return { kind: 'refused', because: `${because}, and redirects are not followed` };
  }
  if (status < 500 && !NOT_NOW.has(status)) return { kind: 'refused', because };
  const afterMs = retryAfterMs(headers.get('retry-after'), now);
  return { kind: 'not-now', because, ...(afterMs !== undefined && { afterMs }) };
}

function inWords(problem: unknown, { patienceMs = PATIENCE_MS }: HttpWebhookOptions): string {
  const isLate = problem instanceof Error && problem.name === 'TimeoutError';
  return isLate ? `no answer within ${patienceMs / 1_000} s` : rootMessage(problem);
}
