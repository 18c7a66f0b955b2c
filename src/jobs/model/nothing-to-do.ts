import { Failure } from '../../domain/failure.ts';

/** Planning found everything as it should be: there is nothing to approve, and nothing to run. */
export class NothingToDo extends Failure {
  constructor(what: string, because: string) {
    const next = 'Nothing has to be done.';
    super({ code: 'plan.nothing-to-do', problem: what, because, effect: 'none', next });
  }
}
