import type { Journal } from '../../../src/jobs/journal/journal.ts';
import type { Actor, Turnstile } from './actors.ts';

const CHANGES = new Set(['append', 'acquire', 'renew', 'release', 'giveBack']);

/** The store as one process sees it: each call may be late, and its answer may be lost after it took effect. */
export function gatedJournal(journal: Journal, actor: Actor, gate: Turnstile): Journal {
  return new Proxy(journal, {
    get(target, key: keyof Journal) {
      const method = target[key];
      if (typeof method !== 'function' || key === 'feed') return method;
      return async (...args: unknown[]) => {
        await gate.at(actor, `${key}: call`);
        const answer: unknown = await (method as (...all: unknown[]) => unknown).apply(
          target,
          args,
        );
        if (CHANGES.has(key)) await gate.at(actor, `${key}: answer`);
        return answer;
      };
    },
  });
}
