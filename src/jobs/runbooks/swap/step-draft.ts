import type { PlannedStep } from '../../model/plan.ts';

/** A step of a swap as it is written down: what is the same in most of them is left out. */
export type StepDraft = Omit<PlannedStep, 'id' | 'zone' | 'recheck' | 'skippable' | 'with'> & {
  readonly id: string;
  readonly with?: PlannedStep['with'];
  readonly recheck?: true;
  readonly skippable?: true;
};
