import type { OpId } from '../domain/ids.ts';
import type { Came } from './chat-network.ts';
import type { Answered } from './command.ts';

/** What comes of a message while it is dealt with. */
export interface Outcome {
  misread(): void;
  began(op: OpId): void;
  /** From now on something may be done that is not to be done twice, and of which nobody knows by the message that it was. */
  acts(): void;
  /** Whether it does no harm to deal with the message once more. */
  mayRepeat(): boolean;
  /** A part of the answer is there; with the last of `parts` it is told. */
  partDone(answered: Answered, parts: number): void;
}

export function noteOutcome(tell: ((came: Came) => void) | undefined): Outcome {
  const operations: OpId[] = [];
  let outcome: Came['outcome'] = 'answered';
  let done = 0;
  let acted = false;
  return {
    misread() {
      outcome = 'misread';
    },
    began(op) {
      operations.push(op);
    },
    acts() {
      acted = true;
    },
    mayRepeat: () => !acted && operations.length === 0,
    partDone(answered, parts) {
      if ('refused' in answered && outcome !== 'misread') outcome = 'refused';
      done += 1;
      if (done === parts) tell?.({ outcome, operations });
    },
  };
}
