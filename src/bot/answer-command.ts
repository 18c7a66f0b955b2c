import { answer, type Choice } from './answer.ts';
import { type Command, defineCommand } from './command.ts';
import { OP, opOf } from './op-argument.ts';

/** A command that answers a prompt with what the engine does itself, whatever the prompt calls it. */
export function answerCommand(does: 'retry' | 'skip' | 'rollback', summary: string): Command {
  return defineCommand({
    spec: {
      name: does,
      summary,
      risk: 'routine',
      positional: [OP],
      options: [],
      flags: [],
      examples: [`${does} op-7k2m`],
    },
    rights: 'known',
    run: ({ args, asker }, bot) => {
      const choose: Choice = ({ options }) => options.find((option) => option.does === does);
      return answer(opOf(args), choose, does, asker, bot);
    },
  });
}
