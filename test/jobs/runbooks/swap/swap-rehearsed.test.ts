import { expect, it } from 'vitest';
import { rehearsalStage } from '../../../../src/adapters/simulated/rehearsal-stage.ts';
import { ServiceName } from '../../../../src/domain/ids.ts';
import { planOperation } from '../../../../src/jobs/engine/plan-operation.ts';
import swap from '../../../../src/jobs/runbooks/swap.ts';
import { BUILDERS, ONE_UNIT, pairInventory, UPDATE } from './pair-inventory.ts';

it('is rehearsed over a pair whose first member is active', async () => {
  const inventory = pairInventory(BUILDERS, ONE_UNIT, UPDATE);
  const stage = rehearsalStage(inventory, { service: ServiceName.parse('compute') }, 0);
  const input = { service: 'compute', update: true, anytime: false };
  const { signal } = new AbortController();
  const plan = await planOperation(swap, input, stage.ports, signal);
  expect(plan.facts).toMatchObject({ from: { host: 'node1' }, to: { host: 'node2' } });
  expect(plan.notes).toContain('from node1 to node2');
  const builder = await stage.ports.farm.builder('builder-01' as never, signal);
  expect(builder).toMatchObject({ enabled: false });
});
