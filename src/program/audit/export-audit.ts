import type { AuditStore } from '../../jobs/audit/audit-store.ts';
import { type AuditFilter, isAbout, isWanted } from '../../jobs/audit/concerns.ts';
import type { Journal } from '../../jobs/journal/journal.ts';
import { knownEvent } from '../../jobs/model/event.ts';

export interface ExportParts {
  readonly journal: Pick<Journal, 'read'>;
  readonly store: Pick<AuditStore, 'operations'>;
}

/** Entries as JSON lines, operation by operation, each with its operation, what that was, and why it would not count. */
export async function* exportAudit(
  { journal, store }: ExportParts,
  filter: AuditFilter,
): AsyncGenerator<string> {
  for (const ref of await store.operations()) {
    const entries = await journal.read(ref);
    const request = entries[0] && knownEvent(entries[0]);
    if (request?.kind !== 'requested' || !isAbout(request, filter.target)) continue;
    const { command } = request;
    for (const entry of entries.filter((each) => isWanted(each, filter))) {
      yield JSON.stringify({ ...ref, command, ...entry, at: new Date(entry.at).toISOString() });
    }
  }
}
