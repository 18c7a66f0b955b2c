import type { ImageName, StepId } from '../../domain/ids.ts';
import type { Plan, PlannedStep } from '../../jobs/model/plan.ts';
import type { Runbook } from '../../jobs/model/runbook.ts';
import type { Durations, StepKind } from './durations.ts';
import { imageNameOf } from './image-name-of.ts';

/** Fewer say nothing about what is usual. */
const ENOUGH = 3;
const REMEMBERED_MS = 60_000;
const REMEMBERED = 200;

export interface StepEstimate {
  /** Nominal milliseconds. */
  readonly ms: number;
  /** Whether it is the median of earlier runs, and not what the runbook says for a start. */
  readonly learned: boolean;
}

/** How long each step of a plan is likely to take. */
export type PlanEstimate = ReadonlyMap<StepId, StepEstimate>;

export interface Estimates {
  /** Never throws: where nothing can be looked up, it is what the runbook says. A minute old at most. */
  of(plan: Planned): Promise<PlanEstimate>;
}

type Planned = Pick<Plan, 'runbook' | 'input' | 'steps'>;
/** Of each step with its image, and of each with whatever image. */
type Samples = readonly (readonly number[])[];

export interface EstimatesOptions {
  readonly durations: Pick<Durations, 'newest'>;
  readonly runbooks: ReadonlyMap<string, Runbook>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (problem: unknown) => void;
}

/** Medians of earlier runs with the same image, else with whatever image, else what the runbook says. */
export function createEstimates({ durations, runbooks, now, report }: EstimatesOptions): Estimates {
  const known = new Map<string, { readonly until: number; readonly samples: Promise<Samples> }>();

  function samplesOf({ runbook: { name }, input, steps }: Planned): Promise<Samples> {
    const image = imageNameOf(input);
    const key = `${name} ${image} ${steps.map(({ id }) => id).join()}`;
    const before = known.get(key);
    if (before !== undefined && now() < before.until) return before.samples;
    const kinds = [image, undefined].flatMap((of) => steps.map(({ id }) => kindOf(name, id, of)));
    const samples = durations.newest(kinds).catch((problem: unknown) => {
      report(problem);
      return [];
    });
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, { until: now() + REMEMBERED_MS, samples });
    return samples;
  }

  return {
    async of(plan) {
      const { runbook, steps } = plan;
      const samples = await samplesOf(plan);
      const definition = runbooks.get(runbook.name);
      const estimate = ({ uses }: PlannedStep, place: number): StepEstimate => {
        const candidates = [samples[place], samples[place + steps.length]];
        const usual = candidates.map(medianOf).find((ms) => ms !== undefined);
        if (usual !== undefined) return { ms: usual, learned: true };
        return { ms: definition?.steps[uses]?.typicalMs ?? 0, learned: false };
      };
      return new Map(steps.map((step, place) => [step.id, estimate(step, place)]));
    },
  };
}

export function totalMs(estimate: PlanEstimate): number {
  return estimate.values().reduce((sum, { ms }) => sum + ms, 0);
}

function kindOf(runbook: string, step: StepId, image?: ImageName): StepKind {
  return { runbook, step, ...(image && { image }) };
}

function medianOf(samples: readonly number[] = []): number | undefined {
  if (samples.length < ENOUGH) return undefined;
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  const [low = 0, high = low] = sorted.slice(sorted.length % 2 ? upper : upper - 1, upper + 1);
  return (low + high) / 2;
}
