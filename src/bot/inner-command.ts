import type { ArgumentSpec, Arguments } from '../jobs/model/command-spec.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import type { Bot } from './bot.ts';
import { parseCommand } from './grammar/parse-command.ts';
import { textOf } from './op-argument.ts';
import { targetable } from './quarantine.ts';

export type Inner =
  | { readonly kind: 'runbook'; readonly runbook: Runbook; readonly inputs: readonly unknown[] }
  | { readonly kind: 'refused'; readonly line: string };

export const COMMAND: ArgumentSpec = {
  name: 'command',
  kind: 'command',
  required: true,
  expected: 'a command such as reimage builder-07',
};

/** The command inside `!plan` and `!why`: parsed as it would be if it were typed alone. */
export async function innerCommand(args: Arguments, bot: Bot): Promise<Inner> {
  const text = textOf(args, COMMAND.name) ?? '';
  const line = text.startsWith(bot.prefix) ? text.slice(bot.prefix.length) : text;
  const specs = [...bot.commands.values()].map(({ spec }) => spec);
  const grammar = { specs, facts: await targetable(line, bot), prefix: bot.prefix };
  const parsed = parseCommand(line, grammar);
  if (parsed.kind === 'problem') return { kind: 'refused', line: parsed.line };
  const runbook = bot.runbooks.get(parsed.spec.name);
  if (runbook !== undefined) {
    const inputs = runbook.command.toInputs(parsed.args, bot.inventory());
    return { kind: 'runbook', runbook, inputs };
  }
  return { kind: 'refused', line: `${parsed.spec.name} makes no plan: it is answered at once` };
}
