import { type Effect, Failure } from '../../../domain/failure.ts';

interface Run {
  readonly host: string;
  readonly file: string;
  /** Whether any task had begun: from then on, nobody knows what a run that was cut off has changed. */
  readonly begun: boolean;
}

const effectOf = ({ begun }: Run): Effect => (begun ? 'unknown' : 'none');

export function cutOff(run: Run, because: string): Failure {
  return new Failure({
    code: 'ansible.cut-off',
    problem: `${run.file} on ${run.host} did not come to its end`,
    because,
    effect: effectOf(run),
    next: run.begun
      ? `Its last task may still be running on ${run.host}. When it is not, run the playbook again.`
      : 'No task had begun. Run it again.',
  });
}

export function refused({ host, file }: Run, because: string): Failure {
  return new Failure({
    code: 'ansible.refused',
    problem: `${file} was not run on ${host}`,
    because,
    effect: 'none',
    next: 'No task had begun. Mend the playbook, and name the commit where it is mended.',
  });
}

export function crashed(run: Run, because: string): Failure {
  return new Failure({
    code: 'ansible.crashed',
    problem: `${run.file} on ${run.host} ended without a result`,
    because,
    effect: effectOf(run),
    next: `Look at what it has done on ${run.host}, then run it again.`,
  });
}
