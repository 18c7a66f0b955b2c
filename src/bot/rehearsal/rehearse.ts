import { setImmediate } from 'node:timers/promises';
import type { OpId, UserId } from '../../domain/ids.ts';
import { attend } from '../../jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../jobs/engine/engine.ts';
import type { Gate } from '../../jobs/engine/gate.ts';
import { createRedactor } from '../../jobs/engine/redactor.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';
import { foldEntry } from '../../jobs/model/fold.ts';
import type { Plan } from '../../jobs/model/plan.ts';
import type { Runbook } from '../../jobs/model/runbook.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Bot } from '../bot.ts';
import { totalMs } from '../estimates/estimates.ts';
import { renderLines } from '../narrator/render-lines.ts';
import type { Option, Situation } from '../narrator/situation.ts';
import { tell } from '../narrator/tell.ts';
import type { Stage } from './stage.ts';
import { dyingAt, failingAt } from './troubles.ts';

/** No operation can have this id: it has letters that ids are not made of. */
const OP = 'op-rehearsal' as OpId;
const MOST_TURNS = 1_000;
const MOST_MS = 15_000;
/** Nobody answers a rehearsal. */
const NOTHING_PRESSED = { reactions: false } as const;

export interface Rehearsed {
  readonly runbook: Runbook;
  readonly plan: Plan;
  readonly command: string;
  readonly by: UserId;
  /** Places in the plan, from 1. */
  readonly failAt?: number | undefined;
  readonly dieAt?: number | undefined;
}

/** Runs a plan on a stage, everybody agreeing and nobody answering, and gives what a channel would hear. */
export async function rehearse(
  what: Rehearsed,
  stage: Stage,
  bot: Bot,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ref = { op: OP, zone: what.plan.zone };
  await begin(what, ref, stage, bot);
  const failing = stepAt(what.plan, what.failAt);
  const runbook = failing ? failingAt(what.runbook, failing) : what.runbook;
  const dies = stepAt(what.plan, what.dieAt);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]);
  const lost = dies ? await untilLost(runbook, dies, ref, stage, bot, limit) : [];
  const rest = await untilOver(engineOn(stage, runbook, bot), ref, stage, limit);
  return [...(await heard(ref, stage, bot)), ...lost, ...rest];
}

function stepAt({ steps }: Plan, place: number | undefined) {
  return place === undefined ? undefined : steps[place - 1]?.id;
}

async function begin(
  { plan, command, by }: Rehearsed,
  ref: OpRef,
  { journal, now }: Stage,
  bot: Bot,
): Promise<void> {
  const event = {
    kind: 'requested',
    plan,
    command,
    inventory: bot.inventory().revision,
    approvalExpiresAt: now(),
    estimateMs: totalMs(await bot.estimates.of(plan)),
    origin: { network: 'rehearsal', channel: 'rehearsal' },
  } as const;
  await journal.append(ref, { events: [event], by, seq: 0, dueInMs: 0 });
}

const EVERYBODY_AGREES: Gate = {
  mayProceed: async () => ({ kind: 'yes' }),
  planHolds: async () => ({ kind: 'yes' }),
  mayClaim: async () => ({ kind: 'yes' }),
  mayGoOn: async () => ({ kind: 'yes' }),
};

function engineOn(stage: Stage, runbook: Runbook, bot: Bot): Engine {
  return {
    ...stage,
    runbooks: new Map([[runbook.name, runbook]]),
    withPorts: (work) => work(stage.ports),
    gate: EVERYBODY_AGREES,
    redactor: createRedactor(),
    timing: DEFAULT_TIMING,
    monotonic: () => 0,
    report: bot.report,
  };
}

/** Up to the loss of the first worker, and until its lease has run out. */
async function untilLost(
  runbook: Runbook,
  step: NonNullable<ReturnType<typeof stepAt>>,
  ref: OpRef,
  stage: Stage,
  bot: Bot,
  limit: AbortSignal,
): Promise<readonly string[]> {
  const dying = dyingAt(runbook, step);
  const died = dying.died.then((): readonly string[] => []);
  const lines = await Promise.race([
    died,
    untilOver(engineOn(stage, dying.runbook, bot), ref, stage, limit),
  ]);
  stage.advance(DEFAULT_TIMING.leaseMs + 1);
  // The next worker has to have it before this one learns of its end.
  void setImmediate().then(dying.bury);
  return lines;
}

/** Until it has ended or is held; says why it stopped before that. */
async function untilOver(
  engine: Engine,
  ref: OpRef,
  stage: Stage,
  limit: AbortSignal,
): Promise<readonly string[]> {
  for (let turn = 0; turn < MOST_TURNS && !limit.aborted; turn += 1) {
    const attended = await attend(engine, ref, { stopping: () => false });
    if (attended === undefined) return ['the rehearsal stopped at a bug, which the log has'];
    if (attended.dueInMs === null) return [];
    stage.advance(Math.max(attended.dueInMs, 1));
    await setImmediate();
  }
  return ['the rehearsal took too long and was cut off'];
}

async function heard(ref: OpRef, { journal }: Stage, bot: Bot): Promise<readonly string[]> {
  const lines: string[] = [];
  let before: OperationState | undefined;
  for (const entry of await journal.read(ref)) {
    const after = foldEntry(ref.op, before, entry);
    if (after === undefined) return lines;
    const estimate = await bot.estimates.of(after.request.plan);
    const facts = { prefix: '', timeScale: 1, estimate };
    lines.push(
      ...tell(before, after, entry, facts).flatMap(({ situation }) =>
        renderLines(nothingTyped(situation), NOTHING_PRESSED),
      ),
    );
    before = after;
  }
  return lines;
}

/** What could be chosen, and nothing as if it could be typed: no command knows the operation. */
function nothingTyped({ facts, details, question, ...rest }: Situation): Situation {
  return {
    ...rest,
    ...(facts && { facts: facts.map(choice) }),
    ...(details && { details: details.map((detail) => detail.replace(`: show ${OP}`, '')) }),
    ...(question && { question: { ...question, see: [], options: question.options.map(chosen) } }),
  };
}

function chosen({ typed, emoji }: Option): Option {
  return { typed: choice(typed), emoji };
}

function choice(words: string): string {
  return words.replaceAll(` ${OP}`, '');
}
