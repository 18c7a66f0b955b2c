import type { Person } from '../../domain/inventory.ts';
import { askOfPlan } from '../../jobs/engine/ask-of.ts';
import { planOperation } from '../../jobs/engine/plan-operation.ts';
import type { Runbook } from '../../jobs/model/runbook.ts';
import { explainRules } from '../../policies/explain.ts';
import { decideClaims } from '../../policies/interlocks.ts';
import type { Bot } from '../bot.ts';
import { defineCommand, type Reply } from '../command.ts';
import { innerCommand } from '../inner-command.ts';
import { textOf } from '../op-argument.ts';
import { factsFor, readPortsFor } from '../request.ts';

export default defineCommand({
  spec: {
    name: 'why',
    summary: 'Why you may or may not run a command: each rule, and each interlock in its way.',
    risk: 'read-only',
    positional: [
      {
        name: 'command',
        kind: 'command',
        required: true,
        expected: 'a command such as reimage builder-07',
      },
    ],
    options: [],
    flags: [],
    examples: ['why reimage builder-07'],
  },
  rights: 'rule',
  async run({ args, asker }, bot) {
    const inner = innerCommand(textOf(args, 'command') ?? '', bot);
    if (inner.kind === 'refused') return [inner.line];
    const inputs = inner.runbook.command.toInputs(inner.args, bot.inventory());
    const lines = await Promise.all(
      inputs.map((input) => explain(inner.runbook, input, asker.person, bot)),
    );
    return lines.flat();
  },
});

async function explain(
  runbook: Runbook,
  input: unknown,
  person: Person | undefined,
  bot: Bot,
): Promise<Reply> {
  const read = readPortsFor(runbook, input, bot);
  const plan = await planOperation(runbook, input, read, AbortSignal.timeout(20_000));
  const rules = explainRules({ ...askOfPlan(plan, bot.inventory()), person }, bot.rules());
  const decided = decideClaims(plan.claims, await factsFor(plan, bot));
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
