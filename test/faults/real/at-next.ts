import { setTimeout as delay } from 'node:timers/promises';
import { FAULTS_MS } from './limits.ts';
import type { Member } from './member.ts';
import type { FaultSite } from './site.ts';
import type { Mark } from './target.ts';

const LOOK_EVERY_MS = 10;

/** Does it to the worker that leaves the next such mark, or the nth after it; nothing where there is none any more. */
export async function atNext(
  { target, workers }: FaultSite,
  isAimed: (mark: Mark) => boolean,
  nth: number,
  then: (worker: Member) => void | Promise<void>,
): Promise<void> {
  const until = performance.now() + FAULTS_MS;
  const earlier = target.marks().filter(isAimed).length;
  while (performance.now() < until) {
    const mark = target.marks().filter(isAimed)[earlier + nth];
    const worker = workers.find(({ name }) => name === mark?.worker);
    if (worker !== undefined) return then(worker);
    await delay(LOOK_EVERY_MS);
  }
}
