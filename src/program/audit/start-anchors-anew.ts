import { rename } from 'node:fs/promises';
import { anchorFile, readLines } from '../../adapters/audit/anchor-file.ts';
import { anchorLine } from '../../jobs/audit/anchor.ts';
import type { AuditStore } from '../../jobs/audit/audit-store.ts';
import type { Program } from '../program.ts';
import { anchorsPath } from './anchors-of.ts';

/** After a loss that was accepted: the anchors so far are kept, and a first one of all that is there begins new ones. */
export async function startAnchorsAnew(program: Program, at: number): Promise<readonly string[]> {
  const { configuration, auditStore, signing } = program;
  const path = anchorsPath(configuration.settings);
  const { signer } = signing;
  if (signer === undefined || (await readLines(path)) === undefined) return [];
  const kept = path.replace(/\.ndjson$/, `-until-${new Date(at).toISOString()}.ndjson`);
  await rename(path, kept);
  const heads = Object.fromEntries(await auditStore.heads(await auditStore.operations()));
  const feed = await endOfFeed(auditStore);
  const first = await anchorLine(signer, undefined, { at, feed, heads });
  await anchorFile(path).append(first, undefined);
  return [`anchors begin anew; those until now are in ${kept}`];
}

async function endOfFeed(store: AuditStore): Promise<string> {
  let end = '0';
  for await (const { cursor } of store.feedAfter('0')) end = cursor;
  return end;
}
