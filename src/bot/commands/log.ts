import type { OperationState } from '../../jobs/model/state.ts';
import { defineCommand } from '../command.ts';
import { OP, opOf, textOf } from '../op-argument.ts';
import { refusal, strangerLines } from '../refusal.ts';
import { mayTouch } from '../steer.ts';

const SHOWN = 30;

export default defineCommand({
  spec: {
    name: 'log',
    summary: 'What the hosts said during a step, the newest lines last.',
    risk: 'read-only',
    positional: [
      OP,
      {
        name: 'step',
        kind: 'word',
        required: false,
        expected: "a step's number or name; the current or the last one when left out",
      },
    ],
    options: [],
    flags: [],
    examples: ['log op-7k2m', 'log op-7k2m 6', 'log op-7k2m configure'],
  },
  rights: 'rule',
  async run({ args, asker }, bot) {
    const op = opOf(args);
    const operation = await bot.operations.get(op);
    if (operation === undefined) return [`there is no ${op}; ${bot.prefix}ops lists what is open`];
    if (asker.person === undefined) return strangerLines(asker);
    // Remote output goes to entitled people only.
    const permission = mayTouch(operation, asker.person, asker, bot);
    if (permission.kind === 'refuse') return [refusal(asker, permission)];
    const step = findStep(operation.state, textOf(args, 'step'));
    if (step === undefined) return [`${op} has no such step; ${bot.prefix}show ${op} lists them`];
    const lines = await bot.stepLog.read(operation.ref, step.id, SHOWN);
    return lines.length > 0 ? lines : [`nothing was said during ${step.title}, or it has expired`];
  },
});

function findStep({ request, current, phase, timings }: OperationState, typed: string | undefined) {
  const { steps } = request.plan;
  const here = current?.step ?? ('step' in phase ? phase.step : timings.at(-1)?.step);
  const wanted = typed ?? here ?? steps[0]?.id;
  return steps.find(({ id }, place) => id === wanted || String(place + 1) === wanted);
}
