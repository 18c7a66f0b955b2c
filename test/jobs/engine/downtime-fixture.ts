import * as z from 'zod';
import {
  type DowntimeBoard,
  isQuiet,
  simulatedDowntime,
} from '../../../src/adapters/simulated/simulated-downtime.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { Engine } from '../../../src/jobs/engine/engine.ts';
import { defineStep, type Outcome, type StepContext } from '../../../src/jobs/model/runbook.ts';
import type { Downtime } from '../../../src/jobs/ports/downtime.ts';
import { createWorld, runbookOf, type Sketch, type World } from './world.ts';

export const MINUTE = 60_000;
const HOST = HostName.parse('builder-07');
export const DONE: Outcome<null> = { kind: 'done', output: null };
export const WAIT: Outcome<null> = {
  kind: 'wait',
  wake: { afterMs: 60_000 },
  memo: null,
  note: 'not up',
};

export function step(
  run: (context: StepContext<null>) => Promise<Outcome<null>>,
  more: Partial<Sketch> = {},
): Sketch {
  const retry = { tries: 1, backoffMs: 0 };
  const def = { with: z.null(), output: z.null(), run, ifInterrupted: 'ask', retry } as const;
  return { ...defineStep(def), ...more };
}

export function away(text = 'connection refused'): Failure {
  return new Failure({
    code: 'downtime.no-answer',
    problem: 'no Alertmanager answered',
    because: text,
    effect: 'none',
    next: 'Look at it.',
  });
}

/** A hook whose calls a test may let fail or watch. */
interface Hook {
  readonly board: DowntimeBoard;
  /** Every call, as `begin` or `end`. */
  readonly calls: string[];
  /** Comes before each call takes effect; what it throws the call throws. */
  before: (call: 'begin' | 'end') => Promise<void>;
  /** Comes after it took effect and before the worker hears of it. */
  after: (call: 'begin' | 'end') => Promise<void>;
  /** The hook as a worker of its own has it, who remembers nothing of the others. */
  port(): Downtime;
}

function hookOf(): Hook {
  const board: DowntimeBoard = new Map();
  const hook: Hook = {
    board,
    calls: [],
    before: async () => undefined,
    after: async () => undefined,
    port() {
      const port = simulatedDowntime(board);
      const around = async (call: 'begin' | 'end', what: () => Promise<void>) => {
        hook.calls.push(call);
        await hook.before(call);
        await what();
        await hook.after(call);
      };
      return {
        begin: (...args) => around('begin', () => port.begin(...args)),
        end: (...args) => around('end', () => port.end(...args)),
      };
    },
  };
  return hook;
}

export interface DowntimeWorld extends World {
  readonly hook: Hook;
  readonly runbook: ReturnType<typeof runbookOf>;
  isQuiet(): boolean;
  /** Another worker over the same journal. */
  worker(): Engine;
}

export function downtimeWorld(steps: Readonly<Record<string, Sketch>>): DowntimeWorld {
  const hook = hookOf();
  const runbook = runbookOf(steps);
  const world = createWorld(runbook, { downtime: hook.port() });
  return {
    ...world,
    hook,
    runbook,
    isQuiet: () => isQuiet(hook.board, HOST, world.engine.now()),
    worker: () => ({ ...world.engine, downtime: hook.port() }),
  };
}
