import { expect, test } from 'vitest';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import { type PolicyGateOptions, policyGate } from '../../../src/jobs/engine/policy-gate.ts';
import type { Plan } from '../../../src/jobs/model/plan.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { ReadPorts } from '../../../src/jobs/ports/ports.ts';
import { cleanRunbook } from '../../bot/fixture/clean.ts';
import { inventoryOf, SIX_BUILDERS } from '../../bot/fixture/inventory.ts';
import { partly } from '../../partly.ts';

const { signal } = new AbortController();
const inventory = { current: () => inventoryOf(SIX_BUILDERS) };
const read = partly<ReadPorts>({ inventory });
const clean = cleanRunbook(new Map());
const gate = policyGate(partly<PolicyGateOptions>({ read, runbooks: new Map([['clean', clean]]) }));

function holds(plan: Plan) {
  const request = partly<OperationState['request']>({ plan });
  return gate.planHolds(partly<OperationState>({ request }), signal);
}

test('a plan holds while the same would be planned now', async () => {
  const plan = await planOperation(clean, { host: 'builder-01' }, read, signal);
  expect(await holds(JSON.parse(JSON.stringify(plan)))).toEqual({ kind: 'yes' });
});

test('a plan whose steps are others than its digest says does not hold', async () => {
  const plan = await planOperation(clean, { host: 'builder-01' }, read, signal);
  const steps = plan.steps.map((step) => ({ ...step, target: 'builder-02' }));
  expect(await holds({ ...plan, steps })).toMatchObject({ kind: 'no' });
});
