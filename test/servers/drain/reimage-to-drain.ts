import type { Runbook } from '../../../src/jobs/model/runbook.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';

/** A reimage that is over when the builder is drained: where a day is short, nothing is reinstalled in time. */
export const reimageToDrain: Runbook = {
  ...reimage,
  plan(input, facts) {
    const { steps, ...plan } = reimage.plan(input, facts);
    return { ...plan, steps: steps.slice(0, 2) };
  },
};
