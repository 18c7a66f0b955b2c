/** What came of one time of asking, in words of ours: nothing of it is the answer's own text. */
export interface Came {
  readonly kind: 'passed' | 'failed';
  readonly came: string;
}

export function passed(came: string): Came {
  return { kind: 'passed', came };
}

export function failed(came: string): Came {
  return { kind: 'failed', came };
}

/** It answered, and not as its protocol wants it. */
export class Misbehaviour extends Error {
  override readonly name = 'Misbehaviour';
}

/** The service was not asked, so nothing is known of it. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked';
}
