import { isDeepStrictEqual } from 'node:util';
import type { Card } from '../../../src/bot/narrator/card.ts';
import { cardOf } from '../../../src/bot/narrator/card-of.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { foldEntries } from '../../../src/jobs/model/fold.ts';
import { until } from '../../until.ts';
import type { World } from '../world.ts';

/** The card of an operation by its journal as it is now. */
export async function cardNow({ journal, estimates }: World, ref: OpRef): Promise<Card> {
  const state = foldEntries(ref.op, await journal.read(ref));
  if (state === undefined) throw new Error(`${ref.op} has no journal`);
  const estimate = await estimates.of(state.request.plan);
  return cardOf(state, estimate, { prefix: '!', now: state.lastAt, timeScale: 1 });
}

/** The cards that stand in a channel once each says what its operation's journal says, oldest first. */
export async function standingCards(world: World, channel: string): Promise<readonly Card[]> {
  const own = world.network.posted.filter((one) => one.as === 'card' && one.channel === channel);
  const standing = () => own.flatMap(({ id }) => world.network.standing(id)?.card ?? []);
  for (const ref of await world.journal.recent(100)) {
    const newest = await cardNow(world, ref);
    await until(() =>
      standing().every((card) => card.op !== ref.op || isDeepStrictEqual(card, newest)),
    );
  }
  return standing();
}
