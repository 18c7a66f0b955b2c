import { defineCommand } from '../command.ts';
import { NO_REASON } from '../narrator/in-words.ts';
import { OP, opOf, REASON, textOf } from '../op-argument.ts';
import { refusal } from '../refusal.ts';
import { doing, mayAnswerTo, mayTouch, steer } from '../steer.ts';

const HOLDABLE = new Set(['running', 'asking']);

export default defineCommand({
  spec: {
    name: 'hold',
    summary: 'Stop an operation before its next step, or leave what it asks for later.',
    risk: 'routine',
    positional: [OP, REASON],
    options: [],
    flags: [],
    examples: ['hold op-7k2m', 'hold op-7k2m until the mirror is back'],
  },
  rights: 'known',
  run: ({ args, asker }, bot) =>
    steer(opOf(args), asker, bot, (operation, person) => {
      const { phase } = operation.state;
      if (!HOLDABLE.has(phase.kind)) {
        return { refused: [`${opOf(args)} cannot be held: it ${doing(operation.state)}`] };
      }
      const permission =
        phase.kind === 'asking'
          ? mayAnswerTo(phase.prompt, operation, person, asker, bot)
          : mayTouch(operation, person, asker, bot);
      if (permission.kind === 'refuse') {
        return { refused: [refusal(asker, permission)] };
      }
      if (phase.kind === 'asking') {
        return { events: [{ kind: 'answered', prompt: phase.prompt.id, word: 'hold' }] };
      }
      const because = textOf(args, 'reason') ?? NO_REASON;
      return { events: [{ kind: 'hold-requested', because }] };
    }),
});
