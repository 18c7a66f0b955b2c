import { authorize } from '../../policies/authorize.ts';
import { defineCommand } from '../command.ts';
import { freshPerson } from '../fresh-person.ts';
import { counted } from '../narrator/in-words.ts';
import { refusal } from '../refusal.ts';
import type { Reloaded, WorkerAnswer } from '../reloading.ts';

const SHOWN = 3;

export default defineCommand({
  spec: {
    name: 'reload',
    summary:
      'Read configuration and inventory again, here and in the workers; what is wrong changes nothing.',
    risk: 'routine',
    positional: [],
    options: [],
    flags: [],
    examples: ['reload'],
  },
  rights: 'rule',
  async run({ asker }, bot) {
    const person = await freshPerson(asker, bot);
    if ('refused' in person) return person;
    const ask = {
      person: person.known,
      command: 'reload',
      risk: 'routine',
      target: undefined,
      from: asker,
    } as const;
    const authorized = authorize(ask, bot.policy());
    if (authorized.kind === 'refuse') return { refused: [refusal(asker, authorized)] };
    const reloaded = await bot.reloading.here(person.known.id);
    if (reloaded.kind === 'refused') return { refused: refusedLines(reloaded) };
    return [reloaded.what, ...workerLines(await bot.reloading.elsewhere())];
  },
});

function refusedLines({ problems }: Extract<Reloaded, { kind: 'refused' }>): readonly string[] {
  const head = `not reloaded, what was in use stays: ${counted(problems.length, 'problem')}`;
  const more = problems.length - SHOWN;
  const rest = more > 0 ? [`and ${more} more; signalbox check lists them all`] : [];
  return [head, ...problems.slice(0, SHOWN), ...rest];
}

function workerLines(answers: readonly WorkerAnswer[]): readonly string[] {
  const took = answers.filter(({ says }) => says === 'taken').length;
  const others = answers.filter(({ says }) => says !== 'taken').map(otherLine);
  if (answers.length === 0) return ['no worker is there now; those that start read it'];
  return took > 0 ? [`${counted(took, 'worker')} reloaded, too`, ...others] : others;
}

function otherLine({ worker, zone, says, problems }: WorkerAnswer): string {
  const who = `worker ${worker} of ${zone}`;
  if (says === 'silent') return `${who} has not answered yet; it reloads when it is back`;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more, see its log)` : '';
  return `${who} refused it and goes on with what it has: ${problems[0]}${more}`;
}
