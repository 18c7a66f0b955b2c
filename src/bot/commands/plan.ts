import { answerEach } from '../answer-each.ts';
import { defineCommand, type Reply } from '../command.ts';
import { excerpt } from '../excerpt.ts';
import { COMMAND, innerCommand } from '../inner-command.ts';
import { changesBriefly, counted, duration, joined, noWayBack } from '../narrator/in-words.ts';
import { planLines } from '../plan-lines.ts';
import { addressedTo, refusal, strangerLines } from '../refusal.ts';
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
  async run(asked, bot) {
    const { args, asker } = asked;
    if (asker.person === undefined) return strangerLines(asker);
    const inner = await innerCommand(args, bot);
    if (inner.kind !== 'runbook') return [inner.line];
    const { person } = asker;
    const { runbook, inputs } = inner;
    return answerEach(
      { runbook, inputs, asked, bot, person },
      {
        refused: (_ask, refused) => [refusal(asker, refused)],
        async answer(input, _place, signal) {
          const proposed = await propose(runbook, input, { person, from: asker }, bot, signal);
          if ('refused' in proposed) return [addressedTo(asker, proposed.refused)];
          const { proposal } = proposed;
          // Every step of every host would fill more than a screen.
          return inputs.length > 1 ? briefly(proposal) : wholePlan(proposal);
        },
      },
    );
  },
});

function wholePlan(proposal: Proposal): Reply {
  const { plan, shown } = proposal;
  const lines = [headLine(proposal), ...planLines(plan), ...(plan.changes ?? [])];
  return [...lines, ...excerpt(shown, '')];
}

function briefly(proposal: Proposal): Reply {
  return [headLine(proposal), ...changesBriefly(proposal.plan, '')];
}

function headLine({ plan, command, demand, impact, estimateMs }: Proposal): string {
  const needs =
    demand && `needs ${counted(demand.count, 'approval')} from ${demand.groups.join(' or ')}`;
  const steps = `${counted(plan.steps.length, 'step')}, about ${duration(estimateMs)}`;
  return joined([command, steps, impact, noWayBack(plan), needs]);
}
