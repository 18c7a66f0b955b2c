import type { BreakGlass } from '../../policies/break-glass.ts';
import { type Holder, holderAsPerson, holderWith } from '../../policies/break-glass.ts';
import type { Directory, Identified } from '../../policies/directory.ts';
import type { Glass } from './glass.ts';

/**
 * The directory, and in its place the list of holders while it cannot be asked and the glass is open. Of everybody else it
 * goes on to say that it cannot be asked. While the glass is open no cache answers.
 */
export function glassDirectory(directory: () => Directory, glass: Glass): Directory {
  async function unless(
    answer: Identified,
    find: (configured: BreakGlass) => Holder | undefined,
  ): Promise<Identified> {
    const configured = glass.configured();
    if (answer.kind !== 'unavailable' || configured === undefined) return answer;
    const { kind } = await glass.state();
    const holder = kind === 'open' ? find(configured) : undefined;
    if (holder === undefined) return answer;
    return { kind: 'person', person: holderAsPerson(holder, configured) };
  }

  return {
    async identify(network, id, freshness) {
      const fresh = glass.wasOpen() ? 'fresh' : freshness;
      const answer = await directory().identify(network, id, fresh);
      return unless(answer, (configured) => holderWith(network, id, configured));
    },
    membersOf: (group, freshness) => directory().membersOf(group, freshness),
    async person(id, freshness) {
      const fresh = glass.wasOpen() ? 'fresh' : freshness;
      const answer = await directory().person(id, fresh);
      return unless(answer, ({ holders }) => holders.find((holder) => holder.id === id));
    },
  };
}
