import { cannotUndo } from '../../jobs/model/step-order.ts';
import { defineCommand } from '../command.ts';
import { NO_REASON } from '../narrator/in-words.ts';
import { OP, opOf, REASON, textOf } from '../op-argument.ts';
import type { Operation } from '../operations.ts';
import { refusal } from '../refusal.ts';
import { doing, mayTouch, steer } from '../steer.ts';

export default defineCommand({
  spec: {
    name: 'cancel',
    summary: 'End an operation: undone where that is possible, otherwise left as it is.',
    risk: 'routine',
    positional: [OP, REASON],
    options: [],
    flags: [],
    examples: ['cancel op-7k2m', 'cancel op-7k2m wrong host'],
  },
  rights: 'known',
  run: ({ args, asker }, bot) =>
    steer(opOf(args), asker, bot, (operation, person) => {
      const { state } = operation;
      const tooLate = whyTooLate(operation, bot.prefix);
      if (tooLate !== undefined) return { refused: [tooLate] };
      // Whoever asked for it may always take it back.
      if (person.id !== state.requester) {
        const permission = mayTouch(operation, person, asker, bot);
        if (permission.kind === 'refuse') {
          return { refused: [refusal(asker, permission)] };
        }
      }
      const because = textOf(args, 'reason') ?? NO_REASON;
      return { events: [{ kind: 'cancel-requested', because }] };
    }),
});

function whyTooLate({ state }: Operation, prefix: string): string | undefined {
  const { op, phase } = state;
  if (phase.kind === 'ended') return `${op} cannot be cancelled: it ${doing(state)}`;
  const past = cannotUndo(state);
  if (phase.kind !== 'running' || past === undefined) return undefined;
  return `${op} cannot be cancelled any more: there is no way back after ${past.title}; ${prefix}hold ${op} stops it before its next step`;
}
