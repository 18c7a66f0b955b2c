import { Failure } from '../../../domain/failure.ts';

/** It may have been said in part; the bot that talks next says it anew. */
export function notSaidBeforeStop(channel: string, code: string): Failure {
  return new Failure({
    code,
    problem: `it was not said in ${channel}`,
    because: 'this bot stopped before it could be',
    effect: 'unknown',
    next: 'Nothing: whichever bot talks next says it.',
  });
}
