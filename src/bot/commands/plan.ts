import { defineCommand } from '../command.ts';
import { COMMAND, innerCommand } from '../inner-command.ts';
import { counted, duration, joined, noWayBack } from '../narrator/in-words.ts';
import { planLines } from '../plan-lines.ts';
import { addressedTo, strangerLines } from '../refusal.ts';
import { type Proposal, propose } from '../request.ts';

export default defineCommand({
  spec: {
    name: 'plan',
    summary: 'What a command would do, step by step, without doing it.',
    risk: 'read-only',
    positional: [COMMAND],
    options: [],
    flags: [],
    examples: ['plan reimage builder-07'],
  },
  rights: 'rule',
  async run({ args, asker }, bot) {
    if (asker.person === undefined) return strangerLines(asker);
    const inner = innerCommand(args, bot);
    if (inner.kind === 'refused') return [inner.line];
    const lines: string[] = [];
    for (const input of inner.inputs) {
      const proposed = await propose(inner.runbook, input, asker.person, bot);
      if ('refused' in proposed) lines.push(addressedTo(asker, proposed.refused));
      // Every step of every host would fill more than a screen.
      else if (inner.inputs.length > 1) lines.push(headLine(proposed.proposal));
      else lines.push(headLine(proposed.proposal), ...planLines(proposed.proposal.plan));
    }
    return lines;
  },
});

function headLine({ plan, command, demand, impact, estimateMs }: Proposal): string {
  const needs =
    demand && `needs ${counted(demand.count, 'approval')} from ${demand.groups.join(' or ')}`;
  const steps = `${counted(plan.steps.length, 'step')}, about ${duration(estimateMs)}`;
  return joined([command, steps, impact, noWayBack(plan), needs]);
}
