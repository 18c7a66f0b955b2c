import type { Subject } from './event.ts';
import { digestOf } from './plan.ts';

/** The one text that an approval's subject is compared by: of a plan, or of a step at one moment. */
export function subjectKey(subject: Subject): string {
  return 'plan' in subject ? subject.plan : digestOf(subject);
}

export function isSameSubject(one: Subject, other: Subject): boolean {
  return subjectKey(one) === subjectKey(other);
}
