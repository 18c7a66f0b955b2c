import type { Result } from '../../jobs/model/event.ts';
import { type OperationState, tookMs } from '../../jobs/model/state.ts';
import { defineCommand } from '../command.ts';
import { downtimeLines } from '../downtime-lines.ts';
import { approvedBy, duration, joined, noWayBack } from '../narrator/in-words.ts';
import { OP, opOf } from '../op-argument.ts';
import { operationLine } from '../operation-line.ts';
import { planLines, planNotes } from '../plan-lines.ts';

export default defineCommand({
  spec: {
    name: 'show',
    summary: 'One operation: its plan, how far it is, who approved it.',
    risk: 'read-only',
    positional: [OP],
    options: [],
    flags: [],
    examples: ['show op-7k2m'],
  },
  rights: 'rule',
  async run({ args }, bot) {
    const operation = await bot.operations.get(opOf(args));
    if (operation === undefined)
      return [`there is no ${opOf(args)}; ${bot.prefix}ops lists what is open`];
    const { state } = operation;
    const under = state.glass && `under BREAK-GLASS ${state.glass}`;
    const approvals = state.approvals.map(
      ({ by, network }) => `${approvedBy(by, state)} on ${network}`,
    );
    return [
      await operationLine(state, bot),
      ...downtimeLines(state),
      joined([under, state.request.impact, noWayBack(state.request.plan), ...approvals]),
      ...planLines(state.request.plan, (step) => progress(state, step.id, bot.timeScale)),
      ...planNotes(state.request.plan),
      ...(state.request.plan.changes ?? []),
    ].filter((line) => line !== '');
  },
});

function progress(state: OperationState, id: string, timeScale: number): string {
  const step = state.request.plan.steps.find((candidate) => candidate.id === id);
  if (step === undefined) return '';
  const timing = state.timings.findLast((one) => one.step === id && one.way === 'run');
  const took = timing ? `, ${duration(tookMs(timing) * timeScale)}` : '';
  if (state.undone.get(step.id)?.kind === 'done') return 'undone';
  const result = state.results.get(step.id);
  if (result) return outcome(result, took);
  return state.current?.step === id ? (state.current.note ?? 'running') : '';
}

function outcome(result: Result, took: string): string {
  return result.kind === 'failed' || result.kind === 'unknown'
    ? `${result.kind}: ${result.text}. ${result.next}`
    : `${result.kind}${took}`;
}
