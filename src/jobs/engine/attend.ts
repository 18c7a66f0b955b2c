import type { OpRef } from '../journal/journal.ts';
import type { JournalEvent } from '../model/event.ts';
import type { Current, OperationState } from '../model/state.ts';
import { callStep } from './call-step.ts';
import { endOperation } from './end-operation.ts';
import type { Engine } from './engine.ts';
import { beforeRenewal, keepDowntime, renewedMeanwhile } from './keep-downtime.ts';
import { LeaseLost } from './lease-guard.ts';
import { GO_ON, type Next, park } from './next.ts';
import { type Move, type MoveFacts, nextMove } from './next-move.ts';
import { hasVersion, otherVersion } from './other-version.ts';
import { probeStep } from './probe-step.ts';
import { failurePrompt, holdPrompt, tooLatePrompt } from './prompts.ts';
import { runbookOf, stepDefOf } from './runbook-of.ts';
import { approveStep, startOperation } from './start-operation.ts';
import { Tenure } from './tenure.ts';

const STALLED_FOR_MS = 60_000;

export interface Attending {
  /** A worker that is asked to stop does so at the next border between two calls. */
  readonly stopping: () => boolean;
}

/**
 * Moves one operation on until it has to wait for something, then lets go of it. Returns when to look again, or
 * undefined when somebody else holds it. A lost lease ends it silently: whoever holds it now goes on.
 */
export async function attend(
  engine: Engine,
  ref: OpRef,
  { stopping }: Attending,
): Promise<{ readonly dueInMs: number | null } | undefined> {
  const tenure = await Tenure.begin(engine, ref);
  if (tenure === undefined) return undefined;
  try {
    const dueInMs = await moveOn(tenure, stopping);
    await tenure.end(dueInMs);
    return { dueInMs };
  } catch (problem) {
    tenure.abandon();
    if (!(problem instanceof LeaseLost)) engine.report(problem, ref);
    return undefined;
  }
}

async function moveOn(tenure: Tenure, stopping: () => boolean): Promise<number | null> {
  if (!tenure.exists) return null;
  await noteCutOff(tenure);
  for (;;) {
    if (stopping()) return 0;
    const next = await turn(tenure);
    if (next.kind === 'park') return beforeRenewal(tenure, next.dueInMs);
  }
}

/**
 * Puts a call that was cut off with its worker on record before anything else: the lease says so once, and whoever lets go
 * of it, be it only to leave the operation to another version or to stop, is the last one who knows.
 */
async function noteCutOff(tenure: Tenure): Promise<void> {
  const cutOff = callUnderWay(tenure.state);
  if (!tenure.interrupted || cutOff === undefined) return;
  const { step, way, attempt } = cutOff;
  const because = 'its worker was lost in the middle of it';
  await tenure.record({ kind: 'interrupted', step, way, attempt, because });
}

/** Undefined between two steps, and where it is known how the last call ended, or on record that it is not. */
function callUnderWay({ phase, current }: OperationState): Current | undefined {
  if (phase.kind !== 'running' || current?.step !== phase.step || current.way !== phase.way) {
    return undefined;
  }
  return current.failure || current.doubt ? undefined : current;
}

async function turn(tenure: Tenure): Promise<Next> {
  const move = hasVersion(tenure) ? nextMove(tenure.state, moveFacts(tenure)) : undefined;
  if (await keepDowntime(tenure, move)) return GO_ON;
  return renewedMeanwhile(tenure, async () => (move ? make(move, tenure) : otherVersion(tenure)));
}

function moveFacts(tenure: Tenure): MoveFacts {
  const { engine, state } = tenure;
  return {
    now: engine.now(),
    def: (uses) => stepDefOf(engine, state, uses),
    timeScale: engine.timing.timeScale,
    reminders: engine.reminders?.(),
  };
}

async function make(move: Move, tenure: Tenure): Promise<Next> {
  const { state } = tenure;
  switch (move.kind) {
    case 'park':
      return park(move.dueInMs);
    case 'start':
      return startOperation(tenure);
    case 'approve-step':
      return approveStep(tenure, move.step);
    case 'stall':
      return stall(tenure, move.because);
    case 'probe':
      return probeStep(tenure);
    case 'call':
      return callStep(tenure, move);
    case 'ask-failed':
      return decide(tenure, failurePrompt(state, askFacts(tenure)));
    case 'ask-held':
      return decide(tenure, holdPrompt(state, askFacts(tenure)));
    case 'ask-too-late':
      return decide(tenure, tooLatePrompt(state, askFacts(tenure)));
    case 'answer':
      return decide(tenure, { kind: 'answered', prompt: move.prompt, word: move.word });
    case 'remind':
      return decide(tenure, move.event);
    case 'turn-back':
      return decide(tenure, { kind: 'rolling-back', because: move.because });
    case 'end':
      return endOperation(tenure, move.outcome, move.because);
    default:
      return move satisfies never;
  }
}

/** A decision that lost a race is simply taken again on what is there now. */
async function decide(tenure: Tenure, event: JournalEvent): Promise<Next> {
  await tenure.decide([event]);
  return GO_ON;
}

async function stall(tenure: Tenure, because: string): Promise<Next> {
  if (tenure.state.startRefused === because) return park(STALLED_FOR_MS);
  return decide(tenure, { kind: 'start-refused', because });
}

function askFacts({ engine, state }: Tenure): {
  now: number;
  ifUnanswered: ReturnType<typeof runbookOf>['ifUnanswered'];
} {
  return { now: engine.now(), ifUnanswered: runbookOf(engine, state).ifUnanswered };
}
