import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { HostName } from '../../../domain/ids.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import type { BuildTask } from '../../ports/build-farm.ts';
import { drainQuestion, movable, type Silence } from './drain-question.ts';
import { describeHeld, nameTasks } from './held-tasks.ts';
import { HUB_SETTLES_MS } from './hub-settles.ts';
import { Found } from './taken-out.ts';

const Target = z.strictObject({
  host: HostName,
  /** The step that took it out of service. */
  disabled: z.string().default('disable'),
});
const Nothing = z.null();
/** How long builds may go on before somebody is asked. */
const PATIENCE_MS = 3 * 60 * 60_000;
/** A builder checks in every 15 seconds or so. One that does not ends no build, and nobody waits for hours to hear it. */
const SILENCE_MS = 5 * 60_000;
const POLL_MS = 15_000;
const SOON_MS = 5_000;
const Memo = z.strictObject({
  askAt: z.number(),
  /** A task may be handed out in the moment before the builder was disabled: none has to be seen twice. */
  clear: z.boolean(),
  requeued: z.array(z.number()),
  cancelled: z.array(z.number()).default([]),
  toldSilent: z.boolean().default(false),
  /** By us and for a while, so that the build system frees what a silent builder holds. */
  enabled: z.boolean().default(false),
});
type Memo = z.infer<typeof Memo>;
type Context = StepContext<z.infer<typeof Target>>;

interface Held {
  readonly tasks: readonly BuildTask[];
  readonly silence: Silence | undefined;
}

/**
 * Waits until the builder does no more work. Past its patience, or when the builder has fallen silent, it asks what to
 * do with what is still there.
 */
export const drainBuilder = defineStep({
  with: Target,
  output: Nothing,
  async run(context): Promise<Outcome<null>> {
    const { with: target, ports, now, later, signal } = context;
    const tasks = await ports.farm.tasks(target.host, signal);
    const memo = context.memo ? Memo.parse(context.memo) : fresh(later(PATIENCE_MS));
    if (tasks.length === 0) return finish(context, memo);
    const held = { tasks, silence: await silenceOf(context) };
    if (memo.enabled && held.silence === undefined) return disableAgain(context, memo);
    switch (context.answer) {
      case 'requeue':
        return requeue(context, held, memo);
      case 'cancel':
        return cancel(context, held, memo);
      case 're-enable':
        return reEnable(context, held, memo);
      case 'wait':
        return wait(held, { ...memo, askAt: later(PATIENCE_MS) });
    }
    const isNews = held.silence !== undefined && !memo.toldSilent;
    return isNews || now() >= memo.askAt ? ask(context, held, memo) : wait(held, memo);
  },
  // Nothing was changed here unless somebody chose so, and each of these may be done twice.
  ifInterrupted: 'run-again',
  settleMs: HUB_SETTLES_MS,
  waitMs: 24 * 60 * 60_000,
  typicalMs: 10 * 60_000,
});

function fresh(askAt: number): Memo {
  return Memo.parse({ askAt, clear: false, requeued: [] });
}

async function finish(context: Context, memo: Memo): Promise<Outcome<null>> {
  if (memo.enabled) return disableAgain(context, memo);
  // Not worth a line in the channel.
  return memo.clear ? { kind: 'done', output: null } : soon({ ...memo, clear: true }, '');
}

function wait({ tasks }: Held, memo: Memo): Outcome<null> {
  const note = memo.enabled
    ? `enabled until the build system has freed ${describeHeld(tasks)}`
    : `waiting for ${describeHeld(tasks)}`;
  return { kind: 'wait', wake: { afterMs: POLL_MS }, memo: { ...memo, clear: false }, note };
}

function soon(memo: Memo, note: string): Outcome<null> {
  return { kind: 'wait', wake: { afterMs: SOON_MS }, memo, note };
}

/** By the wall clocks of the build system and of the store, which are no minutes apart. */
async function silenceOf({ with: { host }, ports, now, later, signal }: Context) {
  const { checkedInAt } = await ports.farm.builder(host, signal);
  const limitMs = later(SILENCE_MS) - now();
  return now() - (checkedInAt ?? 0) > limitMs ? { since: checkedInAt } : undefined;
}

async function ask(
  { with: { host, disabled }, ports: { farm }, output, signal }: Context,
  { tasks, silence }: Held,
  memo: Memo,
): Promise<Outcome<null>> {
  const ids = tasks.map(({ id }) => id);
  const rights = await farm.rights(ids, signal);
  // What somebody has taken out of service before us is not put back, not even for a while.
  const mayReEnable = output(disabled, Found).enabled && !memo.enabled;
  return {
    kind: 'ask',
    memo: { ...memo, toldSilent: silence !== undefined },
    prompt: drainQuestion({ host, held: tasks, silence, rights, mayReEnable }),
  };
}

async function requeue(context: Context, held: Held, memo: Memo): Promise<Outcome<null>> {
  const { with: target, intend, ports, signal } = context;
  const todo = movable(held.tasks, held.silence).filter(({ id }) => !memo.requeued.includes(id));
  if (todo.length === 0) throw cannotRequeue(target.host, held.tasks);
  const ids = todo.map(({ id }) => id);
  await intend({ requeuing: ids });
  for (const id of ids) await ports.farm.requeue(id, signal);
  const next = { ...memo, requeued: [...memo.requeued, ...ids], clear: false };
  return soon(next, `put back into the queue: ${nameTasks(todo)}`);
}

async function cancel(context: Context, held: Held, memo: Memo): Promise<Outcome<null>> {
  const { with: target, intend, ports, signal } = context;
  const allowed = movable(held.tasks, held.silence).map(({ id }) => id);
  const { cancel: own } = await ports.farm.rights(allowed, signal);
  const todo = held.tasks.filter(({ id }) => own.includes(id) && !memo.cancelled.includes(id));
  if (todo.length === 0) throw cannotCancel(target.host, held.tasks);
  const ids = todo.map(({ id }) => id);
  await intend({ cancelling: ids });
  for (const id of ids) await ports.farm.cancel(id, signal);
  const next = { ...memo, cancelled: [...memo.cancelled, ...ids], clear: false };
  return soon(next, `cancelled: ${nameTasks(todo)}`);
}

async function reEnable(context: Context, held: Held, memo: Memo): Promise<Outcome<null>> {
  const { with: target, intend, ports, later, signal } = context;
  await intend({ enabling: true });
  await ports.farm.enable(target.host, await commentOf(context), signal);
  return wait(held, { ...memo, enabled: true, askAt: later(PATIENCE_MS) });
}

/** Everything was freed, or the builder is heard again and frees by itself what it has lost. */
async function disableAgain(context: Context, memo: Memo): Promise<Outcome<null>> {
  const { with: target, ports, signal } = context;
  await ports.farm.disable(target.host, await commentOf(context), signal);
  const next = { ...memo, enabled: false, clear: false, toldSilent: false };
  return soon(next, `${target.host} is disabled again`);
}

/** As `disable` left it: it says who has the builder. */
async function commentOf({ with: { host }, ports, signal }: Context): Promise<string> {
  return (await ports.farm.builder(host, signal)).comment;
}

function cannotRequeue(host: string, tasks: readonly BuildTask[]): Failure {
  return new Failure({
    code: 'drain.cannot-requeue',
    problem: `nothing more can be requeued on ${host}`,
    because: `left are ${describeHeld(tasks)}, which were requeued already`,
    effect: 'none',
    next: 'Retry to wait for them, or roll back.',
  });
}

function cannotCancel(host: string, tasks: readonly BuildTask[]): Failure {
  return new Failure({
    code: 'drain.cannot-cancel',
    problem: `nothing more can be cancelled on ${host}`,
    because: `left are ${describeHeld(tasks)}, which are not the bot's or were cancelled already`,
    effect: 'none',
    next: 'Retry to wait for them, or roll back.',
  });
}
