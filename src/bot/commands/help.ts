import { nearestWord } from '../../domain/nearest-word.ts';
import { mightRun } from '../../policies/answering.ts';
import type { Bot } from '../bot.ts';
import { type Asker, type Command, defineCommand } from '../command.ts';
import { commandList, longHelp } from '../grammar/help.ts';
import { textOf } from '../op-argument.ts';

export default defineCommand({
  spec: {
    name: 'help',
    summary: 'What you may type, or all about one command.',
    risk: 'read-only',
    positional: [
      { name: 'command', kind: 'word', required: false, expected: 'a command such as reimage' },
    ],
    options: [],
    flags: [],
    examples: ['help', 'help reimage'],
  },
  rights: 'rule',
  async run({ args, asker }, bot) {
    const name = textOf(args, 'command')?.replace(bot.prefix, '').toLowerCase();
    const mine = [...bot.commands.values()].filter((command) => mayType(command, asker, bot));
    if (name === undefined)
      return commandList(
        mine.map(({ spec }) => spec),
        bot.prefix,
      );
    const command = mine.find(({ spec }) => spec.name === name || spec.aliases?.includes(name));
    if (command !== undefined) return longHelp(command.spec, bot.prefix);
    const near = nearestWord(
      name,
      mine.map(({ spec }) => spec.name),
    );
    return [`you may type no command ${name}${near ? `, did you mean ${near}?` : ''}`];
  },
});

/** A runbook's command is shown to whoever may run it on anything; what decides by operation, to everybody it knows. */
function mayType({ spec, rights }: Command, { person }: Asker, bot: Bot): boolean {
  const ask = { person, command: spec.name, risk: spec.risk };
  if (rights === 'rule' || bot.runbooks.has(spec.name)) return mightRun(ask, bot.rules());
  return person !== undefined;
}
