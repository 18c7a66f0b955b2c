import { defineCommand } from '../command.ts';
import { operationLine } from '../operation-line.ts';

const SHOWN = 20;

export default defineCommand({
  spec: {
    name: 'ops',
    summary: 'Operations that have not ended.',
    risk: 'read-only',
    positional: [],
    options: [],
    flags: [],
    examples: ['ops'],
  },
  rights: 'rule',
  async run(_asked, bot) {
    const open = await bot.operations.open();
    if (open.count === 0) return ['no operation is open'];
    const newest = await open.newest(SHOWN);
    const lines = await Promise.all(newest.map(({ state }) => operationLine(state, bot)));
    const more = open.count - lines.length;
    return more > 0 ? [...lines, `and ${more} more`] : lines;
  },
});
