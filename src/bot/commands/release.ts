import { defineCommand } from '../command.ts';
import { LOCK_TARGET, lockable } from '../lock-target.ts';
import { release } from '../quarantine.ts';

export default defineCommand({
  spec: {
    name: 'release',
    summary: 'Let a host out of quarantine, so that groups have it again.',
    risk: 'routine',
    positional: [{ ...LOCK_TARGET, expected: 'a host such as builder-07' }],
    options: [],
    flags: [],
    examples: ['release builder-07'],
  },
  rights: 'known',
  async run({ args, asker }, bot) {
    const asked = await lockable(args, asker, bot);
    if ('refused' in asked) return asked;
    const { shown, target } = asked.what;
    if (target.host === undefined) {
      return { refused: [`only hosts are in quarantine, and ${shown} is none`] };
    }
    if (await release(asked.what, bot)) return [`${shown} is released by ${asked.by}`];
    return { refused: [`${shown} is not in quarantine`] };
  },
});
