import { Failure } from '../../../src/domain/failure.ts';
import type { Actor, Turnstile } from './actors.ts';

/** What was sent and has not arrived. It is out of the hands of whoever sent it, alive or not. */
export interface Flight {
  readonly sentAt: number;
  land(): void;
  /** Never arrives, or arrives and its answer is lost: the sender cannot tell which. */
  lose(how: 'request' | 'answer'): void;
}

export interface Network {
  send<T>(actor: Actor, act: () => T): Promise<T>;
  readonly flights: ReadonlySet<Flight>;
}

export function network(gate: Turnstile, now: () => number): Network {
  const flights = new Set<Flight>();
  return {
    flights,
    send: <T>(actor: Actor, act: () => T) =>
      new Promise<T>((resolve, reject) => {
        const answer = (say: () => void) => void gate.at(actor, 'target: answer').then(say, reject);
        const flight: Flight = {
          sentAt: now(),
          land() {
            flights.delete(flight);
            try {
              const value = act();
              answer(() => resolve(value));
            } catch (problem) {
              answer(() => reject(problem));
            }
          },
          lose(how) {
            flights.delete(flight);
            if (how === 'answer') tryTo(act);
            answer(() => reject(answerLost()));
          },
        };
        flights.add(flight);
      }),
  };
}

function tryTo(act: () => unknown): void {
  try {
    act();
  } catch {
    // Its refusal is lost with the answer.
  }
}

function answerLost(): Failure {
  return new Failure({
    code: 'toy.answer-lost',
    problem: 'the target was asked',
    because: 'its answer was lost',
    effect: 'unknown',
    next: 'Look at the target.',
  });
}
