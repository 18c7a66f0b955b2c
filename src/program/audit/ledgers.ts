import type { Finding } from '../../jobs/audit/check-journal.ts';
import type { AuditFilter } from '../../jobs/audit/concerns.ts';
import { isWanted } from '../../jobs/audit/concerns.ts';
import { glassLedger } from '../../jobs/glass/glass.ts';
import { identityLedger } from '../../jobs/identity/identity-ledger.ts';
import { type LedgerContent, readLedger } from '../../jobs/ledger/read-ledger.ts';
import type { Author } from '../../jobs/model/event.ts';
import { readRefusals } from '../../jobs/refusals/read-refusals.ts';
import { KEPT_REFUSALS } from '../../jobs/refusals/refusal-store.ts';
import type { Program } from '../program.ts';

interface NamedLedger {
  readonly name: string;
  readonly content: LedgerContent<unknown>;
}

/** What does not fit in the records beside the operations. */
export async function ledgerFindings(program: Program): Promise<readonly Finding[]> {
  const all = await readLedgers(program);
  const { problems } = await allRefusals(program);
  const ledgers = all.flatMap(({ name, content }) =>
    content.refused.map(({ seq, because }) => ({
      what: `record of ${name}, entry ${seq}: ${because}`,
    })),
  );
  return [...ledgers, ...problems.map((what) => ({ what }))];
}

/** Their entries as JSON lines; of a target only those that were refused. */
export async function* exportLedgers(
  program: Program,
  filter: AuditFilter,
): AsyncGenerator<string> {
  for (const entry of (await allRefusals(program)).entries) {
    const { person, typed } = entry.refused;
    const wanted = isWanted({ by: person ?? NOBODY, at: entry.at }, filter);
    if (!wanted || (filter.target !== undefined && !typed.includes(filter.target))) continue;
    yield JSON.stringify({ ledger: 'refusals', ...entry, at: new Date(entry.at).toISOString() });
  }
  if (filter.target !== undefined) return;
  for (const { name, content } of await readLedgers(program)) {
    for (const entry of content.entries.filter((each) => isWanted(each, filter))) {
      yield JSON.stringify({ ledger: name, ...entry, at: new Date(entry.at).toISOString() });
    }
  }
}

const NOBODY: Author = 'engine';

function allRefusals({ refusals, signing }: Program) {
  return readRefusals(refusals, signing.trust, KEPT_REFUSALS);
}

async function readLedgers({ ledgers, signing }: Program): Promise<readonly NamedLedger[]> {
  const glass = await readLedger(glassLedger(ledgers, signing.trust)).read();
  const identity = await readLedger(identityLedger(ledgers, signing.trust)).read();
  return [
    { name: 'break-glass', content: glass },
    { name: 'links', content: identity },
  ];
}
