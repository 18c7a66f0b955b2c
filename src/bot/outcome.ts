import type { OpId } from '../domain/ids.ts';
import type { Came } from './chat-network.ts';
import type { Answered } from './command.ts';

/** What comes of a message while it is dealt with. */
export interface Outcome {
  misread(): void;
  began(op: OpId): void;
  /** A part of the answer is there; with the last of `parts` it is told. */
  partDone(answered: Answered, parts: number): void;
}

export function noteOutcome(tell: ((came: Came) => void) | undefined): Outcome {
  const operations: OpId[] = [];
  let outcome: Came['outcome'] = 'answered';
  let done = 0;
  return {
    misread() {
      outcome = 'misread';
    },
    began(op) {
      operations.push(op);
    },
    partDone(answered, parts) {
      if ('refused' in answered && outcome !== 'misread') outcome = 'refused';
      done += 1;
      if (done === parts) tell?.({ outcome, operations });
    },
  };
}
