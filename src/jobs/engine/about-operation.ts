import type { OpId } from '../../domain/ids.ts';
import type { Journal } from '../journal/journal.ts';
import { knownEvent } from '../model/event.ts';

/** `reimage builder-07, asked by ana`, for whoever meets what it holds. Undefined when there is no such operation. */
export async function aboutOperation(
  journal: Pick<Journal, 'find' | 'read'>,
  op: OpId,
): Promise<string | undefined> {
  const ref = await journal.find(op);
  const [first] = ref === undefined ? [] : await journal.read(ref);
  const event = first && knownEvent(first);
  return event?.kind === 'requested' ? `${event.command}, asked by ${first?.by}` : undefined;
}
