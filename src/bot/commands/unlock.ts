import { authorize } from '../../policies/authorize.ts';
import { defineCommand } from '../command.ts';
import { lockTarget } from '../lock-target.ts';
import { textOf } from '../op-argument.ts';
import { refusal } from '../refusal.ts';
import { strangerLines } from '../steer.ts';
import { targetOf } from './lock.ts';

export default defineCommand({
  spec: {
    name: 'unlock',
    summary: "Free a lock that was set by hand; an operation's lock ends with its operation.",
    risk: 'routine',
    positional: [
      {
        name: 'target',
        kind: 'word',
        required: true,
        expected: 'a host such as builder-07 or a pool such as @builders',
      },
    ],
    options: [],
    flags: [],
    examples: ['unlock builder-07'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const typed = textOf(args, 'target') ?? '';
    const target = lockTarget(typed, bot.inventory());
    if (typeof target === 'string') return [target];
    const { person } = asker;
    if (person === undefined) return strangerLines(asker);
    // Whoever may lock it may unlock it.
    const authorized = authorize(
      { person, command: 'lock', risk: 'routine', target: targetOf(target, bot) },
      bot.rules(),
    );
    if (authorized.kind === 'refuse') return [refusal(asker, authorized)];
    if (await bot.journal.unlockByHand(target.zone, target.key))
      return [`${typed} is unlocked by ${person.id}`];
    const { held } = await bot.journal.claims(target.zone);
    const operation = held.find(
      ({ op, claim }) => op && claim.kind === 'lock' && claim.key === target.key,
    );
    if (operation === undefined) return [`${typed} is not locked`];
    return [
      `${typed} is held by ${operation.op} and is freed when that ends: ${bot.prefix}cancel ${operation.op}`,
    ];
  },
});
