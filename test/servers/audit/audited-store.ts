import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { anchorFile, readLines } from '../../../src/adapters/audit/anchor-file.ts';
import { journalKeys } from '../../../src/adapters/store/journal-keys.ts';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { redisAudit } from '../../../src/adapters/store/redis-audit.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import type { Store } from '../../../src/adapters/store/store.ts';
import { startAnchoring } from '../../../src/bot/audit/start-anchoring.ts';
import { OpId } from '../../../src/domain/ids.ts';
import type { AuditStore } from '../../../src/jobs/audit/audit-store.ts';
import type { Retention } from '../../../src/jobs/audit/retention.ts';
import { verifyAudit } from '../../../src/jobs/audit/verify-audit.ts';
import type { Journal, OpRef } from '../../../src/jobs/journal/journal.ts';
import { type Signer, signerWith } from '../../../src/jobs/signing/signer.ts';
import { signingJournal } from '../../../src/jobs/signing/signing-journal.ts';
import { type Trust, trustIn } from '../../../src/jobs/signing/trust.ts';
import { auditLines } from '../../../src/program/audit/audit-lines.ts';
import { add, create, noted, STAGING } from '../../journal-conformance.ts';
import { until } from '../../until.ts';

/** A real Redis with three operations of four entries each, what a bot anchored of them, and an auditor. */
export interface AuditedStore {
  readonly redis: Redis;
  readonly keys: ReturnType<typeof journalKeys>;
  /** As a bot writes it. */
  readonly journal: Journal;
  readonly audit: AuditStore;
  readonly signer: Signer;
  readonly trust: Trust;
  readonly anchorsPath: string;
  readonly folder: string;
  /** A bot follows the feed to its end, and stops. */
  anchors(retention?: Retention): Promise<void>;
  changeAnchors(change: (lines: string[]) => string[]): Promise<void>;
  /** What `signalbox audit verify` prints. */
  verify(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const OPS: readonly OpRef[] = ['op-2222', 'op-3333', 'op-4444'].map((op) => ({
  op: OpId.parse(op),
  zone: STAGING,
}));
export const [FIRST, SECOND] = OPS as [OpRef, OpRef];

export async function auditedStore(): Promise<AuditedStore> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-audit-'));
  const store: Store = await openStore({ dataDir: folder, env: { PATH: process.env.PATH } });
  const redis = store.connection('commands');
  const anchorsPath = join(folder, 'anchors.ndjson');
  const signer = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
  const trust = trustIn([signer.publicKey]);
  const stored = redisJournal(redis);
  const journal = signingJournal(stored, signer, Date.now);
  const audit = redisAudit(redis);

  async function anchors(retention?: Retention): Promise<void> {
    const problems: unknown[] = [];
    let heard = 0;
    const counting = {
      async *feed(cursor: string, signal: AbortSignal) {
        for await (const item of stored.feed(cursor, signal)) {
          yield item;
          heard += 1;
        }
      },
    };
    const last = (await readLines(anchorsPath))?.at(-1);
    const rest = await redis.xrange(keys.feed, last ? `(${JSON.parse(last).feed}` : '-', '+');
    const report = (problem: unknown) => void problems.push(problem);
    const parts = { journal: counting, store: audit, anchors: anchorFile(anchorsPath), signer };
    const anchoring = startAnchoring({
      ...parts,
      now: Date.now,
      report,
      ...(retention && { retention }),
    });
    await until(() => heard >= rest.length);
    await anchoring.stop();
    if (problems.length > 0) throw problems[0];
  }

  const keys = journalKeys('sb:');
  for (const ref of OPS) {
    await create(journal, ref);
    await add(journal, ref, [noted, noted, noted]);
  }
  return {
    ...{ redis, keys, journal, audit, signer, trust, anchorsPath, folder, anchors },
    async changeAnchors(change) {
      const lines = (await readFile(anchorsPath, 'utf8')).split('\n').slice(0, -1);
      await writeFile(
        anchorsPath,
        change(lines)
          .map((line) => `${line}\n`)
          .join(''),
      );
    },
    async verify() {
      const lines = (await readLines(anchorsPath)) ?? [];
      return auditLines(await verifyAudit({ store: audit, anchors: lines, trust }));
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}
