import type { UserId } from '../../domain/ids.ts';
import type { Entry, EventOf } from '../model/event.ts';

/** Which entries somebody asks for; what is absent limits nothing. */
export interface AuditFilter {
  /** A host, a pool with or without `@`, or whatever else steps name as their target. */
  readonly target?: string;
  readonly person?: UserId;
  /** Milliseconds since 1970: from here on, and before that. */
  readonly from?: number;
  readonly before?: number;
}

/** Whether an operation is about a target. */
export function isAbout({ plan, host }: EventOf<'requested'>, target: string | undefined): boolean {
  if (target === undefined) return true;
  const name = target.replace(/^@/, '');
  const pools = plan.claims.flatMap((claim) => (claim.kind === 'budget' ? [claim.pool] : []));
  const targets: readonly string[] = [...plan.steps.map((step) => step.target), ...pools];
  return host === name || targets.includes(name);
}

/** Whether an entry is by that person and from that time. */
export function isWanted(
  { by, at }: Pick<Entry, 'by' | 'at'>,
  { person, from, before }: AuditFilter,
): boolean {
  if (person !== undefined && by !== person) return false;
  return at >= (from ?? 0) && at < (before ?? Number.POSITIVE_INFINITY);
}
