import {
  type Durations,
  KEPT_SAMPLES,
  type Sample,
  type StepKind,
} from '../../bot/estimates/durations.ts';

/** Durations that die with the process. */
export function memoryDurations(): Durations {
  const kept = new Map<string, readonly Sample[]>();
  const keyOf = ({ runbook, step, image }: StepKind) => JSON.stringify([runbook, step, image]);

  function add(key: string, sample: Sample): void {
    const others = (kept.get(key) ?? []).filter(({ op }) => op !== sample.op);
    const inOrder = [...others, sample].sort((a, b) => a.endedAt - b.endedAt);
    kept.set(key, inOrder.slice(-KEPT_SAMPLES));
  }

  return {
    async record(samples) {
      for (const sample of samples) {
        const { runbook, step } = sample;
        for (const key of new Set([keyOf(sample), keyOf({ runbook, step })])) add(key, sample);
      }
    },
    async newest(kinds) {
      return kinds.map((kind) => (kept.get(keyOf(kind)) ?? []).map(({ ms }) => ms));
    },
  };
}
