import { interlockFacts } from '../jobs/engine/interlock-facts.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { decideClaims } from '../policies/interlocks.ts';
import type { Bot } from './bot.ts';

type Known = Pick<
  Bot,
  'journal' | 'inventory' | 'outOfService' | 'prefix' | 'freezes' | 'directory' | 'now'
>;

/** What stands in the way of one that waits for claims now, and its place in line; undefined when nothing does. */
export async function standing(state: OperationState, bot: Known): Promise<string | undefined> {
  const { op, request, requester } = state;
  const { claims, zone } = request.plan;
  const facts = await interlockFacts({
    op,
    claims,
    ...(await bot.journal.claims(zone)),
    inventory: bot.inventory(),
    away: (pool) => bot.outOfService(pool, 'cached'),
    freeze: {
      plan: request.plan,
      configured: bot.freezes(),
      groups: () => groupsOf(requester, bot),
      now: bot.now(),
    },
    prefix: bot.prefix,
  });
  const decided = decideClaims(claims, facts);
  if (decided.kind === 'grant') return undefined;
  return decided.kind === 'unknown' ? decided.because : decided.reasons.join('; ');
}

async function groupsOf(
  person: OperationState['requester'],
  { directory }: Known,
): Promise<readonly string[] | undefined> {
  const found = await directory.person(person, 'cached');
  return found.kind === 'person' ? found.person.groups : undefined;
}
