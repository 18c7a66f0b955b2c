import { Failure } from '../../domain/failure.ts';
import { glassOf } from '../../policies/break-glass.ts';
import type { Bot } from '../bot.ts';
import type { Asker } from '../command.ts';

const MOST_TRIES = 10;

/** Puts on record what somebody is about to do under break-glass; nothing is done that is not. */
export async function recordUse(
  command: string,
  { person, message }: Pick<Asker, 'person' | 'message'>,
  { glass }: Pick<Bot, 'glass'>,
): Promise<void> {
  const rule = person && glassOf(person);
  if (person === undefined || rule === undefined) return;
  const what = { by: person.id, source: message, event: { kind: 'used', rule, command } } as const;
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    if (await glass.ledger.append(what, await glass.ledger.read())) return;
  }
  throw new Failure({
    code: 'glass.not-recorded',
    problem: 'That is not done',
    because: 'the record of the break-glass changes faster than it can be written',
    effect: 'none',
    next: 'Type it again.',
  });
}
