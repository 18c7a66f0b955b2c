import { inputFields } from '../../jobs/model/input-fields.ts';
import { answerEach } from '../answer-each.ts';
import { defineCommand, linesIn, type Reply } from '../command.ts';
import { excerpt } from '../excerpt.ts';
import { foldHosts } from '../grammar/fold-hosts.ts';
import { COMMAND, innerCommand } from '../inner-command.ts';
import { changesBriefly, counted, duration, joined, noWayBack } from '../narrator/in-words.ts';
import { planLines, planNotes } from '../plan-lines.ts';
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
    const many: Proposal[] = [];
    const answered = await answerEach(
      { runbook, inputs, asked, bot, person },
      {
        refused: (_ask, refused) => [refusal(asker, refused)],
        async answer(input, _place, signal) {
          const proposed = await propose(runbook, input, { person, from: asker }, bot, signal);
          if ('refused' in proposed) return [addressedTo(asker, proposed.refused)];
          const { proposal } = proposed;
          if (inputs.length === 1) return wholePlan(proposal);
          // Of a runbook that looks at hosts, each is told when it was looked at.
          if (runbook.looks !== undefined) return briefly(proposal);
          many.push(proposal);
          return [];
        },
      },
    );
    const lines = [...linesIn(answered), ...folded(many)];
    return 'refused' in answered ? { refused: lines } : lines;
  },
});

function wholePlan(proposal: Proposal): Reply {
  const { plan, shown } = proposal;
  const lines = [
    headLine(proposal),
    ...planLines(plan),
    ...planNotes(plan),
    ...(plan.changes ?? []),
  ];
  return [...lines, ...excerpt(shown, '')];
}

/** Hosts of which the same would become stand in one line: every step of every host would fill more than a screen. */
function folded(proposals: readonly Proposal[]): Reply {
  const same = Map.groupBy(proposals, (one) =>
    [...partsOf(one), ...(one.plan.changes ?? [])].join(' '),
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const hosts = foldHosts(group.flatMap(({ plan }) => inputFields(plan.input).host ?? []));
    const [command = '', ...about] = partsOf(first);
    const each = group.length > 1 ? 'each ' : '';
    const line = joined([command.replace(HOST, () => hosts), `${each}${joined(about)}`]);
    return [line, ...changesBriefly(first.plan, '')];
  });
}

function briefly(proposal: Proposal): Reply {
  return [headLine(proposal), ...changesBriefly(proposal.plan, '')];
}

const HOST = '{host}';

function headLine(proposal: Proposal): string {
  return joined([proposal.command, ...partsOf(proposal).slice(1)]);
}

/** What is the same for hosts of which the same would become, with a place for the name of the host. */
function partsOf({ plan, command, demand, impact, estimateMs }: Proposal) {
  const { host } = inputFields(plan.input);
  const needs =
    demand && `needs ${counted(demand.count, 'approval')} from ${demand.groups.join(' or ')}`;
  const steps = `${counted(plan.steps.length, 'step')}, about ${duration(estimateMs)}`;
  const what = host === undefined ? command : command.replace(host, HOST);
  const parts = [what, steps, impact, noWayBack(plan), needs];
  return parts.filter((part) => part !== undefined && part !== '');
}
