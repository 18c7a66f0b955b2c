import type { FeedItem, Journal } from '../../jobs/journal/journal.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Estimates } from '../estimates/estimates.ts';
import { endOfOperation } from '../feed/end-of-operation.ts';
import { type Follower, followFeed } from '../feed/follow-feed.ts';
import { type Sleep, sleep } from '../feed/sleep.ts';
import { duration } from '../narrator/in-words.ts';
import { operationReport } from './operation-report.ts';
import type { Posted, ReportWebhook } from './report-webhook.ts';

const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 5 * 60_000;
/** Counted from the end of the operation; each report is tried once at least. */
const PATIENCE_MS = 24 * 60 * 60_000;

export interface DeliveryOptions {
  readonly webhook: ReportWebhook;
  readonly journal: Journal;
  readonly estimates: Estimates;
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  /** What people who run the bot have to know of a webhook. */
  readonly log: (message: string) => void;
  readonly report: (problem: unknown) => void;
  /** Between two tries; a test lets it pass at once. */
  readonly sleep?: Sleep;
}

/**
 * Posts a report of each operation that ends, from when the webhook was first heard of, in their order and each until it
 * was taken or given up. A webhook that is down keeps nobody else waiting.
 */
export function deliverReports(options: DeliveryOptions): Follower {
  const { webhook, journal, log, report } = options;
  const endOf = endOfOperation(journal);
  let wasTaken = true;
  return followFeed({
    journal,
    reader: `webhook ${webhook.name}`,
    first: 'end',
    async handle(item, signal) {
      const ended = await endOf(item);
      if (ended === undefined) return 'passed over';
      const posted = await deliver(options, ended, signal);
      if (posted.kind === 'refused') {
        log(`webhook ${webhook.name}: gave up on ${item.op}: ${posted.because}`);
        // The channel hears it of the first one only, until it is taken again.
        if (wasTaken) await tell(options, item, posted.because);
      }
      wasTaken = posted.kind === 'delivered';
      return 'handled';
    },
    report,
    ...(options.sleep && { sleep: options.sleep }),
  });
}

type Settled = Exclude<Posted, { kind: 'not-now' }>;

async function deliver(
  options: DeliveryOptions,
  ended: OperationState,
  signal: AbortSignal,
): Promise<Settled> {
  const { webhook, estimates, timeScale, now, log } = options;
  const estimate = await estimates.of(ended.request.plan);
  const report = operationReport(ended, estimate, timeScale);
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS)) {
    const posted = await webhook.post(report, signal);
    if (posted.kind !== 'not-now') return posted;
    const { because, afterMs = retryMs } = posted;
    if (now() >= ended.lastAt + PATIENCE_MS) return tooLong(because);
    log(`webhook ${webhook.name}: ${ended.op} again in ${duration(afterMs)}: ${because}`);
    await (options.sleep ?? sleep)(afterMs, signal);
    signal.throwIfAborted();
  }
}

function tooLong(because: string): Settled {
  return { kind: 'refused', because: `tried for ${duration(PATIENCE_MS)}, at last: ${because}` };
}

/** On record, so that the channel is told; once, however often it is tried again from here. */
async function tell(
  { webhook, journal }: DeliveryOptions,
  { op, zone }: FeedItem,
  because: string,
): Promise<void> {
  await journal.append(
    { op, zone },
    {
      events: [{ kind: 'report-undelivered', webhook: webhook.name, because }],
      by: 'engine',
      source: { network: 'webhook', message: `${webhook.name} ${op}` },
    },
  );
}
