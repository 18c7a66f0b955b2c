import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { backOr } from './back-or.ts';
import { type FenceMemo, fenceMember, liftFence, FenceMemo as Memo } from './fence-member.ts';
import { nominalMs } from './nominal-ms.ts';
import { type SwapContext, SwapTarget, serviceNow } from './target.ts';
import { changeUnit, seeUnit, setAllAtBoot, unitState } from './unit-calls.ts';

/** What ran there. Empty where nobody could look. */
const Found = z.strictObject({
  ran: z.array(z.string()),
  /** Started there at boot. */
  enabled: z.array(z.string()).default([]),
  reached: z.boolean(),
});
/** `enabled`: what was started there at boot, and is not any more. */
export const Stopped = z.strictObject({
  by: z.enum(['stopped', 'power', 'blocklist']),
  enabled: z.array(z.string()).default([]),
});
type Stopped = z.infer<typeof Stopped>;

/**
 * Stops what may run on one member only where it was active, and proves it: stopped as the member says, or when that does
 * not answer, powered off by two polls or shut out by the storage. Without a proof nothing is promoted. What was stopped is
 * disabled as well, or the member's next boot would start it a second time.
 */
export const stopUnits = defineStep({
  with: SwapTarget,
  output: Stopped,
  async run(context): Promise<Outcome<Stopped>> {
    try {
      return await stopAll(context);
    } catch (problem) {
      if (isUnreachable(problem)) return fenced(context, problem);
      return backOr(context, problem, { promoted: false });
    }
  },
  async undo(context) {
    if (context.intent === undefined) return { kind: 'done', output: null };
    const { ran, enabled } = Found.parse(context.intent);
    const { from } = context.with;
    await liftFence(context, serviceNow(context), from.host);
    for (const unit of ran) {
      const started = await changeUnit(context, from.host, 'start', unit);
      if (started === undefined) return wait(`starting ${unit} on ${from.host}`, null);
    }
    const enabling = await setAllAtBoot(context, from.host, enabled, true);
    if (enabling !== undefined) return wait(enabling, null);
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  retry: { tries: 1, backoffMs: 0 },
  waitMs: 15 * 60_000,
  typicalMs: 5_000,
});

async function stopAll(context: SwapContext): Promise<Outcome<Stopped>> {
  const { from } = context.with;
  const { one } = serviceNow(context).units;
  const running: string[] = [];
  const atBoot: string[] = [];
  for (const unit of one) {
    const seen = await seeUnit(context, from.host, unit);
    if (seen.state === 'running') running.push(unit);
    if (seen.atBoot) atBoot.push(unit);
  }
  const { enabled } = Found.parse(
    await context.intend({ ran: running, enabled: atBoot, reached: true }),
  );
  for (const unit of running) {
    const stopped = await changeUnit(context, from.host, 'stop', unit);
    if (stopped === undefined) return wait(`stopping ${unit} on ${from.host}`, null);
  }
  for (const unit of one) {
    if ((await unitState(context, from.host, unit)) !== 'stopped') throw runsOn(unit, from.host);
  }
  const disabling = await setAllAtBoot(context, from.host, atBoot, false);
  if (disabling !== undefined) return wait(disabling, null);
  return { kind: 'done', output: { by: 'stopped', enabled } };
}

async function fenced(context: SwapContext, cause: Failure): Promise<Outcome<Stopped>> {
  const service = serviceNow(context);
  // Without a fence nothing is done to it, and it may answer when this is tried again.
  if (service.fences.length > 0) await context.intend({ ran: [], enabled: [], reached: false });
  const memo: FenceMemo | undefined = context.memo ? Memo.parse(context.memo) : undefined;
  try {
    const fence = await fenceMember(context, service, cause, memo);
    if (fence.kind === 'proved') return { kind: 'done', output: { by: fence.by, enabled: [] } };
    return wait(fence.note, fence.memo, nominalMs(context, fence.memo.nextAt));
  } catch (problem) {
    return backOr(context, problem, { promoted: false });
  }
}

/** Nobody answers at that address: not a refusal, and not a command that failed. */
function isUnreachable(problem: unknown): problem is Failure {
  return problem instanceof Failure && problem.code === 'ssh.unreachable';
}

function wait(note: string, memo: FenceMemo | null, afterMs = 0): Outcome<never> {
  return { kind: 'wait', wake: { afterMs: Math.max(500, afterMs) }, memo, note };
}

function runsOn(unit: string, host: string): Failure {
  return new Failure({
    code: 'swap.unit-not-stopped',
    problem: `${unit} runs on at ${host}`,
    because: 'it was stopped, and is active again',
    effect: 'none',
    next: `Find out what starts it; nothing was promoted.`,
  });
}
