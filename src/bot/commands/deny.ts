import { deny } from '../approve.ts';
import { defineCommand } from '../command.ts';
import { OP, opOf, REASON, textOf } from '../op-argument.ts';

export default defineCommand({
  spec: {
    name: 'deny',
    summary: 'Refuse an operation that waits for approval.',
    risk: 'routine',
    positional: [
      OP,
      { name: 'code', kind: 'word', required: true, expected: 'the code shown with the plan' },
      REASON,
    ],
    options: [],
    flags: [],
    examples: ['deny op-7k2m c4f1 release day, ask again tomorrow'],
  },
  rights: 'known',
  run: ({ args, asker }, bot) => {
    const code = textOf(args, 'code') ?? '';
    return deny(opOf(args), { code }, asker, bot, textOf(args, 'reason'));
  },
});
