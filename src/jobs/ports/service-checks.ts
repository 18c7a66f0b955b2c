import type { CheckAim, CheckResult, ServiceCheck } from '../../domain/service-check.ts';

/** Asks services how they are, once each time. Reads only; what they answer stays data. */
export interface ServiceChecks {
  /**
   * Refused connections, wrong answers, late ones (`timeoutMs`) and those that are too large are results and `failed`. When
   * the host that should ask cannot be reached it is `unknown`. Rejects only with the signal's reason, or on a bug.
   */
  probe(check: ServiceCheck, aim: CheckAim, signal: AbortSignal): Promise<CheckResult>;
}
