import { expect, test } from 'vitest';
import * as z from 'zod';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import type { Claim } from '../../../src/jobs/model/plan.ts';
import { defineStep } from '../../../src/jobs/model/runbook.ts';
import type { ReadPorts } from '../../../src/jobs/ports/ports.ts';
import { runbookOf } from './world.ts';

const ONLY = defineStep({
  with: z.null(),
  output: z.null(),
  run: async () => ({ kind: 'done', output: null }),
  ifInterrupted: 'run-again',
});

function plannedWith(claims: readonly Claim[]) {
  const base = runbookOf({ only: ONLY });
  const mayStart = { runbook: 'toy', hosts: [], fixed: {} };
  const parent = { ...base, plan: () => ({ ...base.plan({}, null), claims, mayStart }) };
  return planOperation(parent, {}, {} as ReadPorts, new AbortController().signal);
}

test('a plan that starts operations is refused when it would hold something meanwhile', async () => {
  await expect(plannedWith([{ kind: 'lock', key: 'host/builder-07' }])).rejects.toMatchObject({
    code: 'plan.holding-parent',
  });
  expect((await plannedWith([])).mayStart?.runbook).toBe('toy');
});
