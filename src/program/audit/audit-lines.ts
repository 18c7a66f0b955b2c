import type { Finding } from '../../jobs/audit/check-journal.ts';
import type { Audited } from '../../jobs/audit/verify-audit.ts';

/** What an audit found, a line each; one line that says what was looked at when nothing is wrong. */
export function auditLines({ findings, operations, entries, anchors }: Audited): readonly string[] {
  const seen = `${operations} operations, ${entries} entries, ${anchors} anchors`;
  if (findings.length === 0) return [`everything fits: ${seen}`];
  return [...findings.map(findingInWords), `${findings.length} found in ${seen}`];
}

export function findingInWords({ op, seq, what }: Finding): string {
  if (op === undefined) return what;
  return seq === undefined ? `${op}: ${what}` : `${op} entry ${seq}: ${what}`;
}
