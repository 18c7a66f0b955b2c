import { type Explained, explainDeed, explainPlan } from '../../bot/explain-command.ts';
import { readInner } from '../../bot/inner-command.ts';
import { targetable } from '../../bot/quarantine.ts';
import { Failure } from '../../domain/failure.ts';
import { UserId } from '../../domain/ids.ts';
import type { Person } from '../../domain/inventory.ts';
import type { Whence } from '../../policies/place.ts';
import { lookingAt } from '../looking-at.ts';
import type { Program } from '../program.ts';
import { placeOf } from './place-of.ts';

const PATIENCE_MS = 60_000;

export interface Answer {
  readonly lines: readonly string[];
  /** `misread`: the question makes no sense here. */
  readonly verdict: Explained['verdict'] | 'misread';
}

/** What `!why` would answer to somebody, from a terminal and without a bot. Reads only. */
export async function checkAs(
  program: Program,
  { as, command, from }: { readonly as: string; readonly command: string; readonly from?: Whence },
): Promise<Answer> {
  const { settings } = program.configuration;
  const bot = lookingAt(program);
  const person = await personOf(as, program);
  if ('verdict' in person) return person;
  const inner = readInner(command, bot, await targetable(command, bot));
  if (inner.kind === 'refused') return { lines: [inner.line], verdict: 'misread' };
  const asking = { person, from: placeOf(from, settings) };
  if (inner.kind === 'answered') {
    if (inner.deed !== undefined) return explainDeed(inner.deed, asking, bot);
    return { lines: [`${as} is known; the operation it is about decides`], verdict: 'taken' };
  }
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const explained: Explained[] = [];
  for (const input of inner.inputs) {
    explained.push(
      await explainPlan(inner.runbook, input, asking, bot, signal).catch(cannotBePlanned),
    );
  }
  const refused = explained.some(({ verdict }) => verdict === 'refused');
  const lines = explained.flatMap((one) => one.lines);
  return { lines, verdict: refused ? 'refused' : 'taken' };
}

async function personOf(name: string, { configuration }: Program): Promise<Person | Answer> {
  const id = UserId.safeParse(name);
  if (!id.success) return { lines: [`${name} is no name of a person`], verdict: 'misread' };
  const found = await configuration.directory.person(id.data, 'fresh');
  if (found.kind === 'person') return found.person;
  if (found.kind === 'nobody') return { lines: [found.because], verdict: 'misread' };
  const because = `${found.directory} did not answer: ${found.because}`;
  return { lines: [`refused: ${because}`], verdict: 'refused' };
}

function cannotBePlanned(problem: unknown): Explained {
  if (!(problem instanceof Failure)) throw problem;
  return { lines: [`refused: ${problem.message}. ${problem.next}`], verdict: 'refused' };
}
