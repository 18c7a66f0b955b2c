import { userInfo } from 'node:os';
import { readLines } from '../../adapters/audit/anchor-file.ts';
import { redisHistory } from '../../adapters/store/history/redis-history.ts';
import type { OpId } from '../../domain/ids.ts';
import { readAnchors } from '../../jobs/audit/read-anchors.ts';
import { anchorsPath } from '../audit/anchors-of.ts';
import { startAnchorsAnew } from '../audit/start-anchors-anew.ts';
import type { Program } from '../program.ts';
import { type ConfigOption, withProgram } from '../with-program.ts';
import { zonesOf } from '../zones-of.ts';
import { type Heard, tellOperations } from './accept-store.ts';
import { lostUnderWay } from './missing-operations.ts';

/** Lets a read-only store go on, once everything that was under way will ask first. */
export async function storeAcceptCommand({ config }: ConfigOption): Promise<void> {
  await withProgram(config, async (program) => {
    for (const line of await acceptStore(program)) process.stdout.write(`${line}\n`);
  });
}

/** Says what it did, a line for each. */
export async function acceptStore(program: Program): Promise<readonly string[]> {
  const { configuration, store, journal, auditStore, signing } = program;
  const zones = zonesOf(configuration);
  const history = redisHistory(store.connection('commands'));
  const readOnly = await history.readOnly(zones);
  if (readOnly === undefined) return ['the store is not read-only'];
  // Whoever noticed may have had rights in one zone only.
  await history.close(zones, readOnly);
  const lines = (await readLines(anchorsPath(configuration.settings))) ?? [];
  const anchors = await readAnchors(lines, signing.trust);
  const lost = lostUnderWay(anchors, await auditStore.operations());
  const heard = await tellOperations(journal, readOnly.because);
  // What anybody has seen is older than that, whatever the clock of this store says.
  const at = Math.max(program.now(), readOnly.since, anchors.last?.at ?? 0, Date.now());
  const kept = await startAnchorsAnew(program, at);
  await history.accept(zones, { at, by: userInfo().username });
  return [...inWords(heard), ...lost.map(lostLine), ...kept];
}

function inWords({ held, refused }: Heard): readonly string[] {
  return [
    'the store is accepted as it is',
    ...held.map(({ op }) => `${op} is looked at and asks before it goes on`),
    ...refused.map(({ op }) => `${op} had not begun and is refused: ask for it anew`),
  ];
}

function lostLine(op: OpId): string {
  return `${op} was under way and is gone: look at its hosts by hand`;
}
