import { OpId, ZoneName } from '../../../domain/ids.ts';
import { checkJournal, type Finding } from '../../../jobs/audit/check-journal.ts';
import type { Trust } from '../../../jobs/signing/trust.ts';
import { headOf } from '../redis-audit.ts';
import type { StoreContent } from './read-all.ts';

const ENTRIES = /^z:([^:]+):op:([^:]+):entries$/;

/** What does not fit in the journals of a backup. */
export async function checkJournals(
  { records }: StoreContent,
  trust: Trust,
): Promise<readonly Finding[]> {
  const heads = new Map(
    records.flatMap((record) =>
      record.type === 'hash' && record.key.endsWith(':heads') ? record.value : [],
    ),
  );
  const findings: (Finding | undefined)[] = [];
  for (const record of records) {
    const [, zoneName, opName] = ENTRIES.exec(record.key) ?? [];
    if (record.type !== 'list' || zoneName === undefined || opName === undefined) continue;
    const ref = { op: OpId.parse(opName), zone: ZoneName.parse(zoneName) };
    const head = headOf(ref.zone, heads.get(ref.op) ?? '');
    findings.push(await checkJournal({ ref, texts: record.value, head, points: [] }, trust));
  }
  return findings.filter((finding) => finding !== undefined);
}
