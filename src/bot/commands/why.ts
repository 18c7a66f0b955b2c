import { explainRules } from '../../policies/explain.ts';
import { answerEach } from '../answer-each.ts';
import { defineCommand } from '../command.ts';
import { explainDeed, explainPlan } from '../explain-command.ts';
import { COMMAND, innerCommand } from '../inner-command.ts';

export default defineCommand({
  spec: {
    name: 'why',
    summary:
      'Why you may or may not run a command: each rule, who could approve it, what is in its way.',
    risk: 'read-only',
    positional: [COMMAND],
    options: [],
    flags: [],
    examples: ['why reimage builder-07'],
  },
  rights: 'rule',
  async run(asked, bot) {
    const inner = await innerCommand(asked.args, bot);
    if (inner.kind === 'refused') return [inner.line];
    const { person } = asked.asker;
    const asking = { person, from: asked.asker };
    if (inner.kind === 'answered') {
      if (inner.deed === undefined) return [DECIDED_BY_OPERATION];
      return (await explainDeed(inner.deed, asking, bot)).lines;
    }
    return answerEach(
      { ...inner, asked, bot, person },
      {
        refused: (ask) => explainRules(ask, bot.policy()),
        answer: async (input, _place, signal) =>
          (await explainPlan(inner.runbook, input, asking, bot, signal)).lines,
      },
    );
  },
});

const DECIDED_BY_OPERATION =
  'whoever the directory knows may type it; what it is about decides who of them may do it';
