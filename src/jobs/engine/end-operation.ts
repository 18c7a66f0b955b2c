import type { Ended } from '../model/event.ts';
import { countFailures } from './count-failures.ts';
import { endDowntime } from './end-downtime.ts';
import { GO_ON, type Next } from './next.ts';
import type { Tenure } from './tenure.ts';

/** Once it has ended nobody attends to it any more, so its downtime is taken back before. */
export async function endOperation(tenure: Tenure, outcome: Ended, because: string): Promise<Next> {
  const over = await endDowntime(tenure);
  const counted = await countFailures(tenure, outcome);
  await tenure.decide([...over, ...counted, { kind: 'ended', outcome, because }]);
  return GO_ON;
}
