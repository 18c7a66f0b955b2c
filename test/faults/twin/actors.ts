/** A call that waits for the scheduler to let it go on. */
export interface Point {
  readonly actor: Actor;
  readonly what: string;
  /** Lets it go on, or fails it with what is given. */
  proceed(problem?: Error): void;
}

/** A process: everything it does outside itself waits at a point. One that was killed never gets past it. */
export interface Actor {
  readonly name: string;
  alive: boolean;
  frozen: boolean;
}

/** The places where histories differ: who goes on next, who never does. */
export interface Turnstile {
  at(actor: Actor, what: string): Promise<void>;
  /** Those that could go on now, in the order they came. */
  waiting(): readonly Point[];
}

export function turnstile(): Turnstile {
  const points = new Set<Point>();
  return {
    at: (actor, what) =>
      new Promise((resolve, reject) => {
        const point: Point = {
          actor,
          what,
          proceed(problem) {
            points.delete(point);
            if (problem === undefined) resolve();
            else reject(problem);
          },
        };
        points.add(point);
      }),
    waiting: () => [...points].filter(({ actor }) => actor.alive && !actor.frozen),
  };
}
