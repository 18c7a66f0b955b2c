import type { Deed } from '../jobs/engine/ask-of.ts';
import type { ArgumentSpec, Arguments } from '../jobs/model/command-spec.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import type { Bot } from './bot.ts';
import type { Command } from './command.ts';
import type { CommandFacts } from './grammar/command-facts.ts';
import { parseCommand } from './grammar/parse-command.ts';
import { lockTarget } from './lock-target.ts';
import { textOf } from './op-argument.ts';
import { targetable } from './quarantine.ts';

export type Inner =
  | { readonly kind: 'runbook'; readonly runbook: Runbook; readonly inputs: readonly unknown[] }
  /** Answered at once; `deed` is what the rules are asked, absent where the operation that it names decides. */
  | { readonly kind: 'answered'; readonly line: string; readonly deed: Deed | undefined }
  | { readonly kind: 'refused'; readonly line: string };

export const COMMAND: ArgumentSpec = {
  name: 'command',
  kind: 'command',
  required: true,
  expected: 'a command such as reimage builder-07',
};

/** What a line is understood with. */
export type Understanding = Pick<Bot, 'prefix' | 'commands' | 'runbooks' | 'inventory'>;

/** The command inside `!plan` and `!why`: parsed as it would be if it were typed alone. */
export async function innerCommand(
  args: Arguments,
  bot: Understanding & Pick<Bot, 'journal'>,
): Promise<Inner> {
  const line = withoutPrefix(textOf(args, COMMAND.name) ?? '', bot);
  return readInner(line, bot, await targetable(line, bot));
}

/** The same with facts that are at hand. */
export function readInner(typed: string, bot: Understanding, facts: CommandFacts): Inner {
  const line = withoutPrefix(typed, bot);
  const specs = [...bot.commands.values()].map(({ spec }) => spec);
  const parsed = parseCommand(line, { specs, facts, prefix: bot.prefix });
  if (parsed.kind === 'problem') return { kind: 'refused', line: parsed.line };
  const { name } = parsed.spec;
  const runbook = bot.runbooks.get(name);
  if (runbook !== undefined) {
    const inputs = runbook.command.toInputs(parsed.args, bot.inventory());
    return { kind: 'runbook', runbook, inputs };
  }
  const deed = deedOf(bot.commands.get(name), parsed.args, bot);
  if (typeof deed === 'string') return { kind: 'refused', line: deed };
  return { kind: 'answered', line: `${name} makes no plan: it is answered at once`, deed };
}

function withoutPrefix(text: string, { prefix }: Pick<Bot, 'prefix'>): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** Whoever may lock a thing may unlock it. */
const LOCKING: ReadonlySet<string> = new Set(['lock', 'unlock']);

function deedOf(
  command: Command | undefined,
  args: Arguments,
  { inventory }: Pick<Bot, 'inventory'>,
): Deed | string | undefined {
  if (command === undefined) return undefined;
  const { name, risk } = command.spec;
  if (LOCKING.has(name)) {
    const what = lockTarget(textOf(args, 'target') ?? '', inventory());
    return typeof what === 'string' ? what : { command: 'lock', risk, target: what.target };
  }
  return command.rights === 'rule' ? { command: name, risk, target: undefined } : undefined;
}
