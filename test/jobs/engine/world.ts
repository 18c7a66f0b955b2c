import * as z from 'zod';
import { HostName, OpId, StepId, UserId, ZoneName } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import type { Engine } from '../../../src/jobs/engine/engine.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { JournalEvent } from '../../../src/jobs/model/event.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import type { PlannedStep } from '../../../src/jobs/model/plan.ts';
import { defineRunbook, type Runbook, type StepDef } from '../../../src/jobs/model/runbook.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { memoryEngine } from './memory-engine.ts';

export const ana = UserId.parse('ana');
export const ben = UserId.parse('ben');
const staging = ZoneName.parse('staging');
const builder07 = HostName.parse('builder-07');

export type Sketch = StepDef & {
  readonly undoable?: PlannedStep['undo'];
  readonly recheck?: boolean;
  readonly skippable?: boolean;
  readonly approvals?: PlannedStep['approvals'];
};

export function runbookOf(steps: Readonly<Record<string, Sketch>>, version = 1): Runbook {
  return defineRunbook({
    name: 'toy',
    version,
    command: {
      name: 'toy',
      summary: 'A runbook for tests.',
      risk: 'routine',
      positional: [],
      options: [],
      flags: [],
      examples: ['toy'],
      toInputs: () => [{}],
    },
    input: z.looseObject({}),
    facts: z.null(),
    observe: async () => null,
    plan: () => ({
      claims: [{ kind: 'lock', key: `host/${builder07}` }],
      steps: Object.entries(steps).map(([name, step]) => plannedStep(name, step)),
    }),
    steps,
    needs: {},
    ifUnanswered: { afterMs: 30 * 60_000, does: 'hold' },
  });
}

function plannedStep(name: string, sketch: Sketch): PlannedStep {
  const { undoable, recheck = false, skippable = false, approvals } = sketch;
  return {
    id: StepId.parse(name),
    uses: name,
    with: null,
    title: name,
    target: builder07,
    zone: staging,
    risk: 'routine',
    undo: undoable ?? (sketch.undo ? 'yes' : 'nothing-to-undo'),
    recheck,
    skippable,
    leftBehind: `${name} left nothing`,
    ...(approvals && { approvals }),
  };
}

export interface World {
  readonly engine: Engine;
  readonly problems: unknown[];
  /** Milliseconds of the store's clock; tests move it. */
  advance(ms: number): void;
  request(runbook: Runbook, more?: Partial<JournalEvent>): Promise<OpRef>;
  append(ref: OpRef, event: JournalEvent, by?: UserId): Promise<void>;
  state(ref: OpRef): Promise<OperationState>;
  kinds(ref: OpRef): Promise<string[]>;
  /** Attends until it is parked with nothing due now. */
  settle(ref: OpRef, engine?: Engine): Promise<OperationState>;
}

let counter = 0;

export function createWorld(runbook: Runbook, overrides: Partial<Engine> = {}): World {
  const start = Date.UTC(2026, 10, 18, 14, 0);
  let at = start;
  const now = () => at;
  const ports = {} as Ports;
  const { engine, problems } = memoryEngine({ runbook, ports, now, monotonic: now }, overrides);
  const { journal } = engine;
  const world: World = {
    engine,
    problems,
    advance(ms) {
      at += ms;
    },
    async request(requested, more = {}) {
      counter += 1;
      const digits = String(counter).padStart(4, '0');
      const op = OpId.parse(`op-${digits.replaceAll('0', 'x').replaceAll('1', 'y')}`);
      const ref = { op, zone: staging };
      const plan = await planOperation(requested, {}, ports, new AbortController().signal);
      const event = {
        kind: 'requested',
        plan,
        command: 'toy',
        inventory: 'r1',
        approvalExpiresAt: at + 30 * 60_000,
        estimateMs: 1_000,
        origin: { network: 'console', channel: '#ops' },
        ...more,
      } as JournalEvent;
      await journal.append(ref, { events: [event], by: ana, seq: 0, dueInMs: 0 });
      return ref;
    },
    async append(ref, event, by = ana) {
      await journal.append(ref, { events: [event], by });
    },
    async state(ref) {
      const state = foldEntries(ref.op, await journal.read(ref));
      if (state === undefined) throw new Error(`${ref.op} is not there`);
      return state;
    },
    async kinds(ref) {
      return (await journal.read(ref)).map(({ event }) => event.kind);
    },
    async settle(ref, by = engine) {
      for (let turn = 0; turn < 100; turn += 1) {
        const attended = await attend(by, ref, { stopping: () => false });
        if (attended === undefined || attended.dueInMs !== 0) break;
      }
      return world.state(ref);
    },
  };
  return world;
}
