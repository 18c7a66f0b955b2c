import * as z from 'zod';
import { HostName, type OpId, StepId, ZoneName } from '../../src/domain/ids.ts';
import { hostOf } from '../../src/domain/in-inventory.ts';
import type { PlannedStep } from '../../src/jobs/model/plan.ts';
import { defineRunbook, defineStep, type Runbook } from '../../src/jobs/model/runbook.ts';

export const PASSES = 8;

const Target = z.strictObject({ host: HostName });
const Facts = z.strictObject({ zone: ZoneName });

/** A step ends when this does. */
export type OnStep = (op: OpId, step: StepId) => void | Promise<void>;

/** Eight steps that do nothing, under a lock on their host. It tells when each of them is called. */
export function passRunbook(onStep: OnStep = () => {}): Runbook {
  return defineRunbook<z.infer<typeof Target>, z.infer<typeof Facts>>({
    name: 'pass',
    version: 1,
    command: {
      name: 'pass',
      summary: 'Do nothing, eight times.',
      risk: 'destructive',
      positional: [{ name: 'targets', kind: 'targets', required: true, expected: 'hosts' }],
      options: [],
      flags: [],
      examples: ['pass builder-0-0001'],
      toInputs: ({ targets }) => (targets as readonly HostName[]).map((host) => ({ host })),
    },
    input: Target,
    facts: Facts,
    observe: async ({ host }, { inventory }) => ({ zone: hostOf(inventory.current(), host).zone }),
    plan: ({ host }, { zone }) => ({
      claims: [{ kind: 'lock', key: `host/${host}` }],
      steps: Array.from({ length: PASSES }, (_, place) => pass(place + 1, host, zone)),
    }),
    steps: {
      pass: defineStep({
        with: Target,
        output: z.null(),
        async run({ op, step }) {
          await onStep(op, step);
          return { kind: 'done', output: null };
        },
        ifInterrupted: 'run-again',
        retry: { tries: 1, backoffMs: 0 },
      }),
    },
    needs: {},
    ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
  });
}

function pass(nth: number, host: HostName, zone: ZoneName): PlannedStep {
  return {
    id: StepId.parse(`pass-${nth}`),
    uses: 'pass',
    with: { host },
    title: `pass ${host} for the ${nth}th time`,
    target: host,
    zone,
    risk: 'destructive',
    undo: 'nothing-to-undo',
    recheck: false,
    skippable: false,
    leftBehind: `${host} is as it was`,
  };
}
