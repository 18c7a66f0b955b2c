import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { embeddedStore } from '../../src/adapters/store/embedded-store.ts';
import { redisAudit } from '../../src/adapters/store/redis-audit.ts';
import { redisJournal } from '../../src/adapters/store/redis-journal.ts';
import { startAnchoring } from '../../src/bot/audit/start-anchoring.ts';
import { OpId } from '../../src/domain/ids.ts';
import { anchorLine } from '../../src/jobs/audit/anchor.ts';
import { verifyAudit } from '../../src/jobs/audit/verify-audit.ts';
import { signerWith } from '../../src/jobs/signing/signer.ts';
import { signingJournal } from '../../src/jobs/signing/signing-journal.ts';
import { trustIn } from '../../src/jobs/signing/trust.ts';
import { create, OP } from '../journal-conformance.ts';
import { until } from '../until.ts';

it('anchors that began anew go on with what is there, and not with what was heard before', async ({
  onTestFinished,
}) => {
  const store = await embeddedStore();
  onTestFinished(() => store.close());
  const redis = store.connection('commands');
  const [stored, audit] = [redisJournal(redis), redisAudit(redis)];
  const signer = signerWith(generateKeyPairSync('ed25519').privateKey, 0);
  const journal = signingJournal(stored, signer, Date.now);
  const problems: unknown[] = [];
  let lines: string[] = [];
  let heard = 0;
  async function append(line: string, after: string | undefined): Promise<boolean> {
    if (lines.at(-1) === after) lines.push(line);
    return lines.at(-1) === line;
  }
  const anchoring = startAnchoring({
    journal: {
      async *feed(cursor, signal) {
        for await (const item of stored.feed(cursor, signal)) {
          yield item;
          heard += 1;
        }
      },
    },
    store: audit,
    anchors: { last: async () => lines.at(-1), append },
    signer,
    now: Date.now,
    report: (problem) => problems.push(problem),
  });
  await create(journal, OP);
  await until(() => heard === 1 && lines.length === 1);
  const lost = { ...OP, op: OpId.parse('op-2222') };
  await create(journal, lost);
  await until(() => heard === 2);
  await redis.flushall();
  lines = [await anchorLine(signer, undefined, { at: 1, feed: '0', heads: {} })];
  const after = { ...OP, op: OpId.parse('op-3333') };
  await create(journal, after);
  await anchoring.stop();
  const trust = trustIn([signer.publicKey]);
  const { findings, anchors } = await verifyAudit({ store: audit, anchors: lines, trust });
  expect(findings).toEqual([]);
  expect(anchors).toBe(2);
  expect(lines.at(-1)).toContain('op-3333');
  expect(problems).toEqual([]);
});
