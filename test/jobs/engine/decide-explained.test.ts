import { expect, it } from 'vitest';
import { OpId } from '../../../src/domain/ids.ts';
import { decideExplained } from '../../../src/jobs/engine/decide-explained.ts';
import type { Frozen } from '../../../src/policies/freezes.ts';
import type { InterlockFacts } from '../../../src/policies/interlock-facts.ts';

const OTHER = OpId.parse('op-7k2m');
const BESIDE = OpId.parse('op-9abc');

const FACTS: InterlockFacts = {
  op: undefined,
  held: [
    { op: BESIDE, claim: { kind: 'lock', key: 'host/builder-03' }, since: 0 },
    { op: OTHER, claim: { kind: 'lock', key: 'host/builder-01' }, since: 0 },
    { op: OTHER, claim: { kind: 'amount', of: 'virt-01', units: 4 }, since: 0 },
  ],
  waiting: [],
  pools: new Map(),
  architectureOf: () => undefined,
  frozen: { kind: 'open' },
  capacityOf: () => undefined,
  prefix: '!',
};

const FROZEN: Frozen = { kind: 'frozen', reasons: ['staging is frozen until 18:00'] };

async function decide(host: string, frozen: Frozen = { kind: 'open' }) {
  const asked: OpId[] = [];
  const decided = await decideExplained(
    [{ kind: 'lock', key: `host/${host}` }],
    { ...FACTS, frozen },
    async (op) => {
      asked.push(op);
      return 'reimage builder-01, asked by ana';
    },
  );
  return { decided, asked };
}

it('says what an operation is that is in the way', async () => {
  const { decided } = await decide('builder-01');
  expect(decided).toMatchObject({
    kind: 'blocked',
    reasons: [expect.stringContaining('op-7k2m (reimage builder-01, asked by ana)')],
  });
});

it('says in a freeze, too, what an operation is that is in the way besides', async () => {
  const { decided } = await decide('builder-01', FROZEN);
  expect(decided).toMatchObject({
    kind: 'frozen',
    reasons: [
      'staging is frozen until 18:00',
      expect.stringContaining('op-7k2m (reimage builder-01, asked by ana)'),
    ],
  });
});

it('looks up whose lock is in the way, and none of the others', async () => {
  const { asked } = await decide('builder-01', FROZEN);
  expect(asked).toEqual([OTHER]);
});

it('looks up no holder that is in nobody’s way', async () => {
  const { decided, asked } = await decide('builder-02');
  expect(decided.kind).toBe('grant');
  expect(asked).toEqual([]);
  expect((await decide('builder-02', FROZEN)).asked).toEqual([]);
});
