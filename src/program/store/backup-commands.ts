import { readBackup, writeBackup } from '../../adapters/store/backup/backup-file.ts';
import { checkJournals } from '../../adapters/store/backup/check-journals.ts';
import { readAll, type StoreContent } from '../../adapters/store/backup/read-all.ts';
import { isEmpty, removeAll, writeAll } from '../../adapters/store/backup/write-all.ts';
import { redisHistory } from '../../adapters/store/history/redis-history.ts';
import { Failure } from '../../domain/failure.ts';
import { ZoneName } from '../../domain/ids.ts';
import { findingInWords } from '../audit/audit-lines.ts';
import type { Program } from '../program.ts';
import { signerOf } from '../signing.ts';
import { type ConfigOption, withProgram } from '../with-program.ts';
import { zonesOf } from '../zones-of.ts';

export async function backupCommand(file: string, { config }: ConfigOption): Promise<void> {
  await withProgram(config, async ({ store, signing }) => {
    const content = await readAll(store.connection('blocking'));
    await writeBackup(file, content, signerOf(signing));
    process.stdout.write(`${content.records.length} keys of ${timeOf(content)} are in ${file}\n`);
  });
}

export async function restoreCommand(
  file: string,
  { config, force }: ConfigOption & { readonly force?: boolean },
): Promise<void> {
  await withProgram(config, async (program) => {
    const content = await readBackup(file, program.signing.trust);
    await refuseBroken(program, content, file);
    await restore(program, content, force ? 'whatever is there' : 'an empty store');
    process.stdout.write(
      `${content.records.length} keys of ${timeOf(content)} are restored, and read-only: look at them, then signalbox store accept\n`,
    );
  });
}

/** First it is closed, so that nobody takes up what is only half there. */
async function restore(
  { store, configuration, now }: Program,
  content: StoreContent,
  into: 'an empty store' | 'whatever is there',
): Promise<void> {
  const redis = store.connection('commands');
  if (into === 'an empty store' && !(await isEmpty(redis))) throw notEmpty(store.name);
  const zones = [...new Set([...zonesOf(configuration), ...zonesIn(content)])];
  const because = `the store was restored from a backup of ${timeOf(content)}`;
  await redisHistory(redis).close(zones, { since: now(), because });
  await removeAll(redis, (key) => key.endsWith(':read-only'));
  await writeAll(redis, content.records);
}

function zonesIn({ records }: StoreContent): readonly ZoneName[] {
  const zones = records.find(({ key }) => key === 'zones');
  return zones?.type === 'set' ? zones.value.map((zone) => ZoneName.parse(zone)) : [];
}

async function refuseBroken(
  { signing }: Program,
  content: StoreContent,
  file: string,
): Promise<void> {
  const findings = await checkJournals(content, signing.trust);
  if (findings.length === 0) return;
  throw new Failure({
    code: 'backup.broken',
    problem: `${file} cannot be restored`,
    because: findings.map(findingInWords).join('; '),
    effect: 'none',
    next: 'Use an older backup. The store was like that when this one was made.',
  });
}

function notEmpty(name: string): Failure {
  return new Failure({
    code: 'backup.not-empty',
    problem: `Nothing was restored into ${name}`,
    because: 'it is not empty',
    effect: 'none',
    next: 'Stop signalbox everywhere, and restore with --force if what is there may be thrown away.',
  });
}

function timeOf({ at }: StoreContent): string {
  return new Date(at).toISOString();
}
