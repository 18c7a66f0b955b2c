import type { Journal, OpRef } from '../journal/journal.ts';
import { knownEvent } from '../model/event.ts';

/** `reimage builder-07, asked by ana`, for whoever meets what it holds. Undefined when there is no such operation. */
export async function aboutOperation(
  journal: Pick<Journal, 'read'>,
  ref: OpRef,
): Promise<string | undefined> {
  const [first] = await journal.read(ref);
  const event = first && knownEvent(first);
  return event?.kind === 'requested' ? `${event.command}, asked by ${first?.by}` : undefined;
}
