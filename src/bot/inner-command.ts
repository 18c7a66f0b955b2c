import type { Arguments } from '../jobs/model/command-spec.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import type { Bot } from './bot.ts';
import { commandFacts } from './grammar/command-facts.ts';
import { parseCommand } from './grammar/parse-command.ts';

export type Inner =
  | { readonly kind: 'runbook'; readonly runbook: Runbook; readonly args: Arguments }
  | { readonly kind: 'refused'; readonly line: string };

/** The command inside `!plan` and `!why`: parsed as it would be if it were typed alone. */
export function innerCommand(text: string, bot: Bot): Inner {
  const line = text.startsWith(bot.prefix) ? text.slice(bot.prefix.length) : text;
  const specs = [...bot.commands.values()].map(({ spec }) => spec);
  const grammar = { specs, facts: commandFacts(bot.inventory()), prefix: bot.prefix };
  const parsed = parseCommand(line, grammar);
  if (parsed.kind === 'problem') return { kind: 'refused', line: parsed.line };
  const runbook = bot.runbooks.get(parsed.spec.name);
  if (runbook !== undefined) return { kind: 'runbook', runbook, args: parsed.args };
  return { kind: 'refused', line: `${parsed.spec.name} makes no plan: it is answered at once` };
}
