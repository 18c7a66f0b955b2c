import type { Plan, PlannedStep } from '../jobs/model/plan.ts';

const UNDO: Record<PlannedStep['undo'], string> = {
  yes: 'can be undone',
  no: 'no way back',
  'nothing-to-undo': 'nothing to undo',
};

/** A line for each step: number, title, risk, what undoes it, and whatever `more` says about it. */
export function planLines(
  { steps }: Pick<Plan, 'steps'>,
  more: (step: PlannedStep) => string = () => '',
): readonly string[] {
  return steps.map((step, place) => {
    const about = more(step);
    const what = `${place + 1}/${steps.length} ${step.title} (${step.risk}, ${UNDO[step.undo]})`;
    return about ? `${what}: ${about}` : what;
  });
}

/** What protects at each step, and what else whoever approves it has to know. */
export function planNotes({ steps, notes = [] }: Pick<Plan, 'steps' | 'notes'>): readonly string[] {
  const protects = steps.flatMap((step, place) =>
    step.protects === undefined ? [] : [`${place + 1} ${step.id}: ${step.protects}`],
  );
  return [...protects, ...notes];
}
