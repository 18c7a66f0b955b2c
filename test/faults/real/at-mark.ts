import { atNext } from './at-next.ts';
import type { Draw } from './draw.ts';
import type { Member } from './member.ts';
import type { FaultSite } from './site.ts';
import type { Mark } from './target.ts';
import type { ToyKind } from './toy-steps.ts';

interface Aim {
  readonly kind: Mark['kind'];
  /** What the faults of this seed aim at. */
  readonly focus: ToyKind;
}

/** To the worker that leaves such a mark next, or the one after; now and then of whatever step. */
export function atMark(
  site: FaultSite,
  draw: Draw,
  { kind, focus }: Aim,
  then: (worker: Member) => void | Promise<void>,
): Promise<void> {
  const anywhere = draw.percent(25);
  const isAimed = (mark: Mark) =>
    mark.kind === kind && (anywhere || mark.step.startsWith(`${focus}-`));
  return atNext(site, isAimed, draw.below(2), then);
}
