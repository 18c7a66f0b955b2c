import { nearestWord } from '../../domain/nearest-word.ts';
import type { CommandSpec } from '../../jobs/model/command-spec.ts';
import { mightRun } from '../../policies/answering.ts';
import { holderWith } from '../../policies/break-glass.ts';
import { isMember } from '../../policies/membership.ts';
import type { Bot } from '../bot.ts';
import { type Asker, type Command, defineCommand } from '../command.ts';
import { commandList, longHelp } from '../grammar/help.ts';
import { textOf } from '../op-argument.ts';

/** Whoever may lock a thing may unlock it. */
const LOCKING: ReadonlySet<string> = new Set(['lock', 'unlock']);

/** They are decided on what they are about. */
const FREEZING: ReadonlySet<string> = new Set(['freeze', 'thaw']);

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
    return [
      `there is no command ${name} that you may type${near ? `, did you mean ${near}?` : `; ${bot.prefix}help lists them`}`,
    ];
  },
});

/** A command is shown to whoever may run it on anything; what steers operations, to whoever may run or approve one. */
function mayType({ spec, rights }: Command, asker: Asker, bot: Bot): boolean {
  if (spec.name === 'glass') return isHolder(asker, bot);
  if (spec.name === 'identity') return asker.person !== undefined;
  if (rights === 'rule' || bot.runbooks.has(spec.name)) return mightType(spec, asker, bot);
  if (FREEZING.has(spec.name)) return mightType(spec, asker, bot);
  const lock = bot.commands.get('lock');
  if (LOCKING.has(spec.name)) return lock !== undefined && mightType(lock.spec, asker, bot);
  const runbooks = [...bot.runbooks.values()];
  return runbooks.some(({ command }) => mightType(command, asker, bot)) || approves(asker, bot);
}

function mightType({ name, risk }: CommandSpec, asker: Asker, bot: Bot): boolean {
  const { person } = asker;
  return mightRun({ person, command: name, risk, from: asker }, bot.policy());
}

function isHolder({ network, account }: Asker, { glass }: Bot): boolean {
  const configured = glass.configured();
  if (configured === undefined || account === undefined) return false;
  return holderWith(network, account, configured) !== undefined;
}

function approves({ person }: Asker, bot: Bot): boolean {
  const demands = bot.policy().rules.flatMap(({ approvals }) => Object.values(approvals));
  return person !== undefined && demands.some(({ groups }) => isMember(person, groups));
}
