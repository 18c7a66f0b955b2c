import { answer } from '../answer.ts';
import { defineCommand } from '../command.ts';
import { OP, opOf, textOf } from '../op-argument.ts';

export default defineCommand({
  spec: {
    name: 'answer',
    summary: 'Answer what an operation asks with one of the words it offers.',
    risk: 'routine',
    positional: [
      OP,
      {
        name: 'word',
        kind: 'word',
        required: true,
        expected: 'one of the words that were offered',
      },
    ],
    options: [],
    flags: [],
    examples: ['answer op-7k2m wait'],
  },
  rights: 'known',
  run: ({ args, asker }, bot) => {
    const word = textOf(args, 'word') ?? '';
    return answer(
      opOf(args),
      ({ options }) => options.find((option) => option.word === word.toLowerCase()),
      word,
      asker,
      bot,
    );
  },
});
