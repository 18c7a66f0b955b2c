import { defineCommand } from '../command.ts';
import { LOCK_TARGET, lockable } from '../lock-target.ts';

export default defineCommand({
  spec: {
    name: 'unlock',
    summary: "Free a lock that was set by hand; an operation's lock ends with its operation.",
    risk: 'routine',
    positional: [LOCK_TARGET],
    options: [],
    flags: [],
    examples: ['unlock builder-07'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const asked = lockable(args, asker, bot);
    if ('refused' in asked) return asked.refused;
    const { zone, key, shown } = asked.what;
    if (await bot.journal.unlockByHand(zone, key)) return [`${shown} is unlocked by ${asked.by}`];
    const { held } = await bot.journal.claims(zone);
    const holder = held.find(({ op, claim }) => op && claim.kind === 'lock' && claim.key === key);
    if (holder?.op === undefined) return [`${shown} is not locked`];
    const { op } = holder;
    return [`${shown} is held by ${op} and is freed when that ends: ${bot.prefix}cancel ${op}`];
  },
});
