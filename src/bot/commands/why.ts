import { askOfPlan } from '../../jobs/engine/ask-of.ts';
import { decideExplained } from '../../jobs/engine/decide-explained.ts';
import type { Runbook } from '../../jobs/model/runbook.ts';
import type { Ask } from '../../policies/authorize.ts';
import { explainRules } from '../../policies/explain.ts';
import { answerEach } from '../answer-each.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { COMMAND, innerCommand } from '../inner-command.ts';
import { aboutIn, factsFor, planFor } from '../request.ts';

export default defineCommand({
  spec: {
    name: 'why',
    summary: 'Why you may or may not run a command: each rule, and each interlock in its way.',
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
    return answerEach(
      { ...inner, asked, bot, person },
      {
        refused: (ask) => explainRules(ask, bot.policy()),
        answer: (input, _place, signal) =>
          explain(inner.runbook, input, { person, from: asked.asker }, bot, signal),
      },
    );
  },
});

async function explain(
  runbook: Runbook,
  input: unknown,
  { person, from }: Pick<Ask, 'person' | 'from'>,
  bot: Bot,
  signal: AbortSignal,
): Promise<Reply> {
  const plan = await planFor(runbook, input, bot, signal);
  const rules = explainRules({ ...askOfPlan(plan, bot.inventory()), person, from }, bot.policy());
  const facts = await factsFor(plan, bot);
  const decided = await decideExplained(plan.claims, facts, aboutIn(plan, bot));
  switch (decided.kind) {
    case 'grant':
      return [...rules, 'nothing it needs is taken'];
    case 'blocked':
      return [...rules, ...decided.reasons.map((reason) => `in its way: ${reason}`)];
    case 'unknown':
      return [...rules, `in its way: ${decided.because}`];
    default:
      return decided satisfies never;
  }
}
