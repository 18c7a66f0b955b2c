import { setTimeout as delay } from 'node:timers/promises';
import type { OpId, ZoneName } from '../../domain/ids.ts';
import { revisionAfter } from '../journal/claims-revision.ts';
import type { ClaimsView, HeldClaim, Journal } from '../journal/journal.ts';

/** What was freed since is still in the expectation, so it is read again now and then. */
const MOST_DECISIONS = 32;
/** Somebody who waits for a silent build system holds up the others no longer than this. */
const LONGEST_TURN_MS = 250;

/** Decisions each of which counts on the one before it: once one of them is refused, so are those after it. */
interface Line {
  isRefused: boolean;
}

/**
 * The claims of one zone as this worker expects them to be when what it has decided is on record. It only saves reading
 * and being refused: the revision guards each append, and where one is refused, the revision that those after it count on
 * never comes, since a revision names who made it, and they are refused too. Without it, operations that start in one
 * worker at the same moment make each other's decisions stale, again and again.
 */
export class ClaimsOutlook {
  readonly #lines = new WeakMap<ClaimsView, Line>();
  #last: Promise<unknown> = Promise.resolve();
  #expected: ClaimsView | undefined;
  #decisions = 0;
  #underWay = 0;

  get expected(): ClaimsView | undefined {
    return this.#expected;
  }

  /**
   * False once something that this counts on was refused: whoever decided on it meanwhile decides anew, or two that take
   * turns would count on each other's refused decisions for ever.
   */
  mayCome(expected: ClaimsView): boolean {
    return this.#lines.get(expected)?.isRefused !== true;
  }

  /** One decision after the other. Their appends are not waited for. */
  inTurn<T>(decide: () => Promise<T>): Promise<T> {
    const decided = Promise.race([
      this.#last,
      delay(LONGEST_TURN_MS, undefined, { ref: false }),
    ]).then(decide);
    this.#last = decided.catch(() => undefined);
    return decided;
  }

  /** These are being taken on top of that view. */
  expect(
    view: ClaimsView,
    { op, own }: { readonly op: OpId; readonly own: readonly HeldClaim[] },
    taken: Promise<boolean>,
  ): void {
    this.#decisions += 1;
    this.#underWay += 1;
    const line = this.#lines.get(view) ?? { isRefused: false };
    this.#expected = {
      revision: revisionAfter(view.revision, op),
      held: [...view.held, ...own],
      waiting: view.waiting.filter((waiter) => waiter.op !== op),
    };
    this.#lines.set(this.#expected, line);
    if (this.#decisions >= MOST_DECISIONS) this.#forget();
    taken.then(
      (isTaken) => this.#settled(isTaken, line),
      () => this.#settled(false, line),
    );
  }

  /** With nothing under way another worker's claims are as likely as ours. */
  #settled(isTaken: boolean, line: Line): void {
    this.#underWay -= 1;
    if (!isTaken) line.isRefused = true;
    if (!isTaken || this.#underWay === 0) this.#forget();
  }

  #forget(): void {
    this.#expected = undefined;
    this.#decisions = 0;
  }
}

const outlooks = new WeakMap<Journal, Map<ZoneName, ClaimsOutlook>>();

/** The one of a zone that everything in this process shares. */
export function claimsOutlook(journal: Journal, zone: ZoneName): ClaimsOutlook {
  const zones = outlooks.get(journal) ?? new Map<ZoneName, ClaimsOutlook>();
  outlooks.set(journal, zones);
  const outlook = zones.get(zone) ?? new ClaimsOutlook();
  zones.set(zone, outlook);
  return outlook;
}
