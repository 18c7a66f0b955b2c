import { defineCommand } from '../command.ts';
import { LOCK_TARGET, lockable } from '../lock-target.ts';
import { NO_REASON } from '../narrator/in-words.ts';
import { REASON, textOf } from '../op-argument.ts';
import { takeOver } from '../take-over.ts';

export default defineCommand({
  spec: {
    name: 'unlock',
    summary: 'Free a lock that was set by hand, or take a host from the operation that has it.',
    risk: 'routine',
    positional: [LOCK_TARGET, REASON],
    options: [],
    flags: [],
    examples: ['unlock builder-07', 'unlock builder-07 the console says it burns'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const asked = await lockable(args, asker, bot);
    if ('refused' in asked) return asked;
    const { zone, key, shown } = asked.what;
    // Brought again it would take the host from whoever waited for the lock.
    const { network, message } = asker.message;
    const source = { network, message: `${message} unlocked` };
    if (await bot.journal.unlockByHand(zone, key, source)) {
      return [`${shown} is unlocked by ${asked.by}`];
    }
    const { held } = await bot.journal.claims(zone);
    const holder = held.find(({ op, claim }) => op && claim.kind === 'lock' && claim.key === key);
    if (holder?.op === undefined) {
      return { refused: [`${shown} is not locked`] };
    }
    const because = textOf(args, 'reason') ?? NO_REASON;
    return takeOver(holder.op, { what: asked.what, because }, asker, bot);
  },
});
