import type { Finding } from '../../jobs/audit/check-journal.ts';
import type { AuditFilter } from '../../jobs/audit/concerns.ts';
import { isWanted } from '../../jobs/audit/concerns.ts';
import { glassLedger } from '../../jobs/glass/glass.ts';
import { type LedgerContent, readLedger } from '../../jobs/ledger/read-ledger.ts';
import type { Program } from '../program.ts';

interface NamedLedger {
  readonly name: string;
  readonly content: LedgerContent<unknown>;
}

/** What does not fit in the records beside the operations. */
export async function ledgerFindings(program: Program): Promise<readonly Finding[]> {
  const all = await readLedgers(program);
  return all.flatMap(({ name, content }) =>
    content.refused.map(({ seq, because }) => ({
      what: `record of ${name}, entry ${seq}: ${because}`,
    })),
  );
}

/** Their entries as JSON lines; none where somebody asks about a target. */
export async function* exportLedgers(
  program: Program,
  filter: AuditFilter,
): AsyncGenerator<string> {
  if (filter.target !== undefined) return;
  for (const { name, content } of await readLedgers(program)) {
    for (const entry of content.entries.filter((each) => isWanted(each, filter))) {
      yield JSON.stringify({ ledger: name, ...entry, at: new Date(entry.at).toISOString() });
    }
  }
}

async function readLedgers({ ledgers, signing }: Program): Promise<readonly NamedLedger[]> {
  const glass = await readLedger(glassLedger(ledgers, signing.trust)).read();
  return [{ name: 'break-glass', content: glass }];
}
