import { approve } from '../approve.ts';
import { defineCommand } from '../command.ts';
import { OP, opOf, textOf } from '../op-argument.ts';

export default defineCommand({
  spec: {
    name: 'approve',
    summary: 'Approve the plan of an operation that somebody else asked for.',
    risk: 'routine',
    positional: [
      OP,
      { name: 'code', kind: 'word', required: true, expected: 'the code shown with the plan' },
    ],
    options: [],
    flags: [],
    examples: ['approve op-7k2m c4f1'],
  },
  rights: 'known',
  run: ({ args, asker }, bot) =>
    approve(opOf(args), { code: textOf(args, 'code') ?? '' }, asker, bot),
});
