import { Failure, rootMessage } from '../../../domain/failure.ts';

/** For the log. */
export function inWords(problem: unknown): string {
  return problem instanceof Failure ? `${problem.message}. ${problem.next}` : rootMessage(problem);
}
