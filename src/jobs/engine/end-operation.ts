import type { Ended } from '../model/event.ts';
import { tellParent } from './children.ts';
import { countFailures } from './count-failures.ts';
import { endDowntime } from './end-downtime.ts';
import { GO_ON, type Next } from './next.ts';
import type { Tenure } from './tenure.ts';

/** Once it has ended nobody attends to it any more, so its parent is told and its downtime taken back before. */
export async function endOperation(tenure: Tenure, outcome: Ended, because: string): Promise<Next> {
  await tellParent(tenure, outcome);
  const over = await endDowntime(tenure);
  const counted = await countFailures(tenure, outcome);
  await tenure.decide([...over, ...counted, { kind: 'ended', outcome, because }]);
  return GO_ON;
}
