import * as z from 'zod';
import { HostName, PoolName, StepId, ZoneName } from '../../../src/domain/ids.ts';
import type { PlannedStep } from '../../../src/jobs/model/plan.ts';
import {
  defineRunbook,
  defineStep,
  type Outcome,
  type Runbook,
  type StepContext,
} from '../../../src/jobs/model/runbook.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import type { Act, ToyPort } from './toy-target.ts';

/** How long something that was sent may be under way. */
export const CALL_MS = 20_000;

export const BUILDERS = PoolName.parse('builders');
export const STAGING = ZoneName.parse('staging');

const With = z.strictObject({});
type Context = StepContext<z.infer<typeof With>>;

/** Of all ports the runbook uses this one, which no site has. */
export type ToyPorts = Ports & { readonly toy: ToyPort };

const toy = ({ ports }: Context) => (ports as ToyPorts).toy;
const acts = ({ op, step, attempt, epoch }: Context, way: Act['way'] = 'run'): Act => ({
  op,
  step,
  way,
  attempt,
  epoch,
});
const done: Outcome<null> = { kind: 'done', output: null };

async function undo(context: Context): Promise<Outcome<null>> {
  await toy(context).actOnce(acts(context, 'undo'));
  return done;
}

const common = { with: With, output: z.null(), retry: { tries: 2, backoffMs: 5_000 } } as const;

/** Nobody can look up whether it was done, and twice would be wrong. */
const once = defineStep({
  ...common,
  async run(context) {
    await toy(context).act(acts(context));
    return done;
  },
  undo,
  ifInterrupted: 'ask',
  settleMs: CALL_MS,
});

/** Twice would be wrong, and the target knows. */
const lookedUp = defineStep({
  ...common,
  async run(context) {
    const { op, step, intend } = context;
    await intend({ before: await toy(context).count(op, step) });
    await toy(context).act(acts(context));
    return done;
  },
  undo,
  async probe(context) {
    const { op, step, intent } = context;
    if (intent === undefined) return { kind: 'not-done' };
    const { before } = z.object({ before: z.number() }).parse(intent);
    const isDone = (await toy(context).count(op, step)) > before;
    return isDone ? { kind: 'done', output: null } : { kind: 'not-done' };
  },
  ifInterrupted: 'ask',
  settleMs: CALL_MS,
});

/** The target itself sees to it that an attempt acts once. */
const guarded = defineStep({
  ...common,
  async run(context) {
    await toy(context).actOnce(acts(context));
    return done;
  },
  undo,
  ifInterrupted: 'run-again',
});

const waits = defineStep({
  ...common,
  async run({ memo }): Promise<Outcome<null>> {
    const polls = z.number().catch(0).parse(memo);
    if (polls >= 2) return done;
    return { kind: 'wait', wake: { afterMs: 30_000 }, memo: polls + 1, note: `poll ${polls + 1}` };
  },
  ifInterrupted: 'run-again',
  waitMs: 10 * 60_000,
});

const asks = defineStep({
  ...common,
  async run(context): Promise<Outcome<null>> {
    if (context.answer === undefined) {
      const options = [{ word: 'go', emoji: '👍' }];
      return { kind: 'ask', prompt: { question: 'go on?', options }, memo: null };
    }
    await toy(context).actOnce(acts(context));
    return done;
  },
  undo,
  ifInterrupted: 'run-again',
});

/** Armed and fired in one step; every way out but done disarms. */
const armed = defineStep({
  ...common,
  async run(context) {
    const { op, step, intend } = context;
    await intend({ before: await toy(context).count(op, step) });
    await toy(context).arm(acts(context));
    await toy(context).fire(acts(context));
    return done;
  },
  probe: lookedUp.probe as NonNullable<typeof lookedUp.probe>,
  async disarm(context) {
    await toy(context).disarm(context.op);
  },
  ifInterrupted: 'ask',
  settleMs: CALL_MS,
});

/** Changes a setting, and undo puts back what was found. */
const restores = defineStep({
  ...common,
  async run(context) {
    const { op, step, intend } = context;
    await intend({ found: await toy(context).setting(op, step) });
    await toy(context).set(acts(context), 'changed');
    return done;
  },
  async undo(context) {
    const { intent } = context;
    // What was found is on record before anything is changed.
    if (intent === undefined) return done;
    const { found } = z.object({ found: z.string() }).parse(intent);
    await toy(context).set(acts(context, 'undo'), found);
    return done;
  },
  ifInterrupted: 'run-again',
  settleMs: CALL_MS,
});

const STEPS = { once, lookedUp, guarded, waits, asks, armed, restores };
type Kind = keyof typeof STEPS;
export const KINDS = Object.keys(STEPS) as readonly Kind[];
const UNDOABLE: ReadonlySet<Kind> = new Set(['once', 'lookedUp', 'guarded', 'asks', 'restores']);

export const ToyInput = z.strictObject({
  host: HostName,
  steps: z.array(z.strictObject({ kind: z.enum(KINDS), noReturn: z.boolean() })),
});
export type ToyInput = z.infer<typeof ToyInput>;

export const toyRunbook: Runbook = defineRunbook({
  name: 'toy',
  version: 1,
  command: {
    name: 'toy',
    summary: 'A runbook whose effects are counted.',
    risk: 'routine',
    positional: [],
    options: [],
    flags: [],
    examples: ['toy'],
    toInputs: () => [],
  },
  input: ToyInput,
  facts: z.null(),
  observe: async () => null,
  plan: ({ host, steps }) => ({
    claims: [
      { kind: 'lock', key: `host/${host}` },
      { kind: 'budget', pool: BUILDERS, host },
    ],
    steps: steps.map((step, index) => planned(host, step, index)),
  }),
  steps: STEPS,
  needs: {},
  ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
});

function planned(
  host: HostName,
  { kind, noReturn }: ToyInput['steps'][number],
  index: number,
): PlannedStep {
  const undoable = UNDOABLE.has(kind) ? 'yes' : 'nothing-to-undo';
  return {
    id: StepId.parse(`${kind.toLowerCase()}-${index + 1}`),
    uses: kind,
    with: {},
    title: `${kind} ${host}`,
    target: host,
    zone: STAGING,
    risk: 'routine',
    undo: noReturn ? 'no' : undoable,
    recheck: noReturn,
    skippable: index % 2 === 1,
    leftBehind: `${host} is as it was left`,
  };
}
