import { type Effect, Failure, rootMessage } from '../../domain/failure.ts';
import { isReplyError, refusesUser } from './reply-error.ts';

/** Answers that say: I did not even begin. Any other error of the server is a bug of ours and stays loud. */
const REFUSALS =
  /^(LOADING|READONLY|MASTERDOWN|MISCONF|NOREPLICAS|OOM|BUSY|NOAUTH|WRONGPASS|UNKILLABLE)\b/;

/** Reading changes nothing, so whatever went wrong left nothing behind. */
export function reading<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw storeFailure(error, 'none');
  });
}

/** A write without an answer may have been carried out. */
export function writing<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw storeFailure(error, 'unknown');
  });
}

function storeFailure(cause: unknown, ifLost: Effect): unknown {
  if (cause instanceof Failure) return cause;
  if (!isReplyError(cause)) return unreachable(cause, ifLost);
  return REFUSALS.test(rootMessage(cause)) || refusesUser(cause) ? refused(cause) : cause;
}

function unreachable(cause: unknown, effect: Effect): Failure {
  return new Failure({
    code: 'store.unreachable',
    problem: 'The store did not answer',
    because: inWords(cause),
    effect,
    next:
      effect === 'none'
        ? 'Nothing was changed. Check that Redis runs and can be reached, then try again.'
        : 'It may have been stored. Check that Redis runs and can be reached, then look at what it holds before any retry.',
    cause,
  });
}

/** What the client says when its connection broke speaks of its own options. */
function inWords(cause: unknown): string {
  const isCutOff = cause instanceof Error && cause.name === 'MaxRetriesPerRequestError';
  return isCutOff ? 'there is no connection to it' : rootMessage(cause);
}

function refused(cause: unknown): Failure {
  return new Failure({
    code: 'store.refused',
    problem: 'The store refused',
    because: rootMessage(cause),
    effect: 'none',
    next: 'Nothing was changed. Put right what Redis complains about, then try again.',
    cause,
  });
}
