import * as z from 'zod';
import { readLines } from '../../adapters/audit/anchor-file.ts';
import { Failure } from '../../domain/failure.ts';
import { UserId } from '../../domain/ids.ts';
import type { AuditFilter } from '../../jobs/audit/concerns.ts';
import { verifyAudit } from '../../jobs/audit/verify-audit.ts';
import { type ConfigOption, withProgram } from '../with-program.ts';
import { anchorsPath } from './anchors-of.ts';
import { auditLines } from './audit-lines.ts';
import { exportAudit } from './export-audit.ts';
import { exportLedgers, ledgerFindings } from './ledgers.ts';
import { otherCopy } from './other-copy.ts';

export async function auditVerifyCommand({
  config,
  anchors: path,
}: ConfigOption & { readonly anchors?: string }): Promise<void> {
  await withProgram(config, async (program) => {
    const { configuration, auditStore, signing } = program;
    const own = async () => (await readLines(anchorsPath(configuration.settings))) ?? [];
    const anchors = path === undefined ? await own() : await otherCopy(path);
    const read = await verifyAudit({ store: auditStore, anchors, trust: signing.trust });
    const audited = { ...read, findings: [...read.findings, ...(await ledgerFindings(program))] };
    for (const line of auditLines(audited)) process.stdout.write(`${line}\n`);
    if (audited.findings.length > 0) process.exitCode = 1;
  });
}

export interface ExportOptions extends ConfigOption {
  readonly target?: string;
  readonly person?: string;
  readonly from?: string;
  readonly before?: string;
}

export async function auditExportCommand(options: ExportOptions): Promise<void> {
  const filter = filterOf(options);
  await withProgram(options.config, async (program) => {
    const { journal, auditStore } = program;
    for await (const line of exportAudit({ journal, store: auditStore }, filter)) {
      process.stdout.write(`${line}\n`);
    }
    for await (const line of exportLedgers(program, filter)) process.stdout.write(`${line}\n`);
  });
}

function filterOf({ target, person, from, before }: ExportOptions): AuditFilter {
  return {
    ...(target !== undefined && { target }),
    ...(person !== undefined && { person: parsed(UserId, person) }),
    ...(from !== undefined && { from: parsed(Time, from) }),
    ...(before !== undefined && { before: parsed(Time, before) }),
  };
}

const Time = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'expected a time such as 2026-11-18T14:00Z' });
  return z.NEVER;
});

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const read = schema.safeParse(text);
  if (read.success) return read.data;
  throw new Failure({
    code: 'audit.bad-filter',
    problem: `Nothing can be looked for with "${text}"`,
    because: read.error.issues.map(({ message }) => message).join('; '),
    effect: 'none',
    next: 'Correct it.',
  });
}
