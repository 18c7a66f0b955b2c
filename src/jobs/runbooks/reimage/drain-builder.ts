import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { HostName } from '../../../domain/ids.ts';
import { defineStep, type Outcome, type StepContext } from '../../model/runbook.ts';
import type { BuildTask } from '../../ports/build-farm.ts';

const Target = z.strictObject({ host: HostName });
const Nothing = z.null();
/** How long builds may go on before somebody is asked. */
const PATIENCE_MS = 3 * 60 * 60_000;
const POLL_MS = 15_000;
/** A task may be handed out in the moment before the builder was disabled: none has to be seen twice. */
const Memo = z.strictObject({
  askAt: z.number(),
  clear: z.boolean(),
  requeued: z.array(z.number()),
});
type Memo = z.infer<typeof Memo>;
type Context = StepContext<z.infer<typeof Target>>;

/** Waits until the builder does no more work. Past its patience it asks what to do with what still runs. */
export const drainBuilder = defineStep({
  with: Target,
  output: Nothing,
  async run(context): Promise<Outcome<null>> {
    const { with: target, ports, now, later, signal } = context;
    const tasks = await ports.farm.tasks(target.host, signal);
    const memo = context.memo ? Memo.parse(context.memo) : fresh(later(PATIENCE_MS));
    if (tasks.length === 0) return memo.clear ? { kind: 'done', output: null } : seenClear(memo);
    if (context.answer === 'requeue') return requeue(context, tasks, memo);
    if (context.answer === 'wait') return wait(tasks, { ...memo, askAt: later(PATIENCE_MS) });
    return now() < memo.askAt ? wait(tasks, memo) : ask(context, tasks, memo);
  },
  // Nothing was changed here unless somebody chose to requeue, and a task that was requeued builds elsewhere.
  ifInterrupted: 'run-again',
  waitMs: 24 * 60 * 60_000,
  typicalMs: 10 * 60_000,
});

function fresh(askAt: number): Memo {
  return { askAt, clear: false, requeued: [] };
}

function seenClear(memo: Memo): Outcome<null> {
  // Not worth a line in the channel.
  const quietly = { kind: 'wait', wake: { afterMs: 5_000 }, note: '' } as const;
  return { ...quietly, memo: { ...memo, clear: true } };
}

function wait(tasks: readonly BuildTask[], memo: Memo): Outcome<null> {
  const next = { ...memo, clear: false };
  return {
    kind: 'wait',
    wake: { afterMs: POLL_MS },
    memo: next,
    note: `waiting for ${describe(tasks)}`,
  };
}

async function ask(
  { with: { host }, ports: { farm }, signal }: Context,
  tasks: readonly BuildTask[],
  memo: Memo,
): Promise<Outcome<null>> {
  const requeue = (await farm.mayRequeue(signal)) ? [{ word: 'requeue', emoji: '♻️' }] : [];
  return {
    kind: 'ask',
    memo,
    prompt: {
      question: `${host} still works on ${describe(tasks)}`,
      options: [
        { word: 'wait', emoji: '⏳' },
        ...requeue,
        { word: 'abort', emoji: '↩️', does: 'rollback' },
      ],
    },
  };
}

async function requeue(
  { with: { host }, intend, ports: { farm }, signal }: Context,
  tasks: readonly BuildTask[],
  memo: Memo,
): Promise<Outcome<null>> {
  const todo = tasks.filter((task) => !task.waitsForChildren && !memo.requeued.includes(task.id));
  if (todo.length === 0) throw cannotRequeue(host, tasks);
  await intend({ requeuing: todo.map(({ id }) => id) });
  for (const task of todo) await farm.requeue(task.id, signal);
  const requeued = [...memo.requeued, ...todo.map(({ id }) => id)];
  const note = `put ${describe(todo)} back into the queue`;
  return {
    kind: 'wait',
    wake: { afterMs: 5_000 },
    memo: { ...memo, requeued, clear: false },
    note,
  };
}

function cannotRequeue(host: string, tasks: readonly BuildTask[]): Failure {
  return new Failure({
    code: 'drain.cannot-requeue',
    problem: `nothing more can be requeued on ${host}`,
    because: `left are ${describe(tasks)}, which wait for their children or were requeued already`,
    effect: 'none',
    next: 'Retry to wait for them, or roll back.',
  });
}

/** Without anything that changes from poll to poll: the journal grows only when what is said changes. */
function describe(tasks: readonly BuildTask[]): string {
  const shown = tasks.slice(0, 3).map(describeTask);
  const more = tasks.length > shown.length ? [`and ${tasks.length - shown.length} more`] : [];
  const count = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  return `${count} to finish: ${[...shown, ...more].join(', ')}`;
}

function describeTask({ label, startedAt, usualMs, waitsForChildren }: BuildTask): string {
  if (waitsForChildren) return `${label} (waits for its children elsewhere)`;
  const since = startedAt === undefined ? 'not started' : `since ${clockTime(startedAt)} UTC`;
  const usual = usualMs === undefined ? '' : `, usually ${Math.ceil(usualMs / 60_000)} min`;
  return `${label} (${since}${usual})`;
}

function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
