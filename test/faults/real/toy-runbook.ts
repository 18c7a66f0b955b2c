import * as z from 'zod';
import { HostName, PoolName, StepId, type ZoneName } from '../../../src/domain/ids.ts';
import type { PlannedStep } from '../../../src/jobs/model/plan.ts';
import { defineRunbook, type Runbook } from '../../../src/jobs/model/runbook.ts';
import { poolOf, zoneOf } from './hosts.ts';
import { TOY_KINDS, TOY_STEPS, type ToyKind } from './toy-steps.ts';

const UNDOABLE: ReadonlySet<ToyKind> = new Set(['once', 'counted', 'guarded', 'asks', 'restores']);

const ToyInput = z.strictObject({
  host: HostName,
  steps: z.array(z.strictObject({ kind: z.enum(TOY_KINDS), noReturn: z.boolean() })).min(1),
});
type ToyInput = z.infer<typeof ToyInput>;

/** A runbook whose effects are counted: `toy s1 once+restores+armed!`, where `!` is a point of no return. */
export function toyRunbook(version: number, folder: string): Runbook {
  return defineRunbook({
    name: 'toy',
    version,
    command: {
      name: 'toy',
      summary: 'Do what is counted.',
      risk: 'disruptive',
      positional: [
        { name: 'host', kind: 'host', required: true, expected: 'a host' },
        { name: 'steps', kind: 'word', required: true, expected: 'steps such as once+armed!' },
      ],
      options: [],
      flags: [],
      examples: [],
      toInputs: ({ host, steps }) => [{ host: HostName.parse(host), steps: kindsIn(`${steps}`) }],
    },
    input: ToyInput,
    facts: z.null(),
    observe: async () => null,
    plan: ({ host, steps }) => ({
      claims: [
        { kind: 'lock', key: `host/${host}` },
        { kind: 'budget', pool: PoolName.parse(poolOf(host)), host },
      ],
      steps: steps.map((step, index) => planned({ host, folder }, zoneOf(host), step, index)),
    }),
    steps: TOY_STEPS,
    needs: {},
    ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
  });
}

function kindsIn(text: string): ToyInput['steps'] {
  return text.split('+').map((word) => ({
    kind: z.enum(TOY_KINDS).parse(word.replace('!', '')),
    noReturn: word.endsWith('!'),
  }));
}

function planned(
  given: { readonly host: HostName; readonly folder: string },
  zone: ZoneName,
  { kind, noReturn }: ToyInput['steps'][number],
  index: number,
): PlannedStep {
  const undoable = UNDOABLE.has(kind) ? 'yes' : 'nothing-to-undo';
  return {
    id: StepId.parse(`${kind}-${index + 1}`),
    uses: kind,
    with: given,
    title: `${kind} ${given.host}`,
    target: given.host,
    zone,
    risk: 'disruptive',
    undo: noReturn ? 'no' : undoable,
    recheck: noReturn,
    skippable: index % 2 === 1,
    leftBehind: `${given.host} is as it was left`,
  };
}
