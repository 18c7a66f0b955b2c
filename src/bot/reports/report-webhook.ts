import type { OperationReport } from './operation-report.ts';

export type Posted =
  | { readonly kind: 'delivered' }
  /** It will not be taken however often it is tried. */
  | { readonly kind: 'refused'; readonly because: string }
  /** `afterMs`: how long the other side asks us to wait. */
  | { readonly kind: 'not-now'; readonly because: string; readonly afterMs?: number };

/** A program of somebody else's that wants to know how operations ended. */
export interface ReportWebhook {
  readonly name: string;
  /** Tries once. The same report twice is told apart by its operation. Throws only what the signal aborts with. */
  post(report: OperationReport, signal: AbortSignal): Promise<Posted>;
}
