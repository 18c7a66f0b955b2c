import type { Outgoing } from '../../src/bot/chat-network.ts';
import { standingCards } from '../bot/narrator/card-world.ts';
import { createWorld, OPS } from '../bot/world.ts';

/** What somebody looking at the channel sees. */
export interface Seen {
  /** The person whose command began it. */
  readonly typed: { readonly by: string; readonly text: string };
  readonly messages: readonly (Outgoing & { readonly replies: number })[];
}

/** An operation that fails at its last step, as it stands then. */
export async function playedFailure(): Promise<Seen> {
  const world = await createWorld({ edit: true, threads: true });
  world.troubles.set('test', 'no such device');
  const text = '!clean builder-01';
  await world.says('ana', text);
  await world.reacts('ben', '👍');
  await world.passes(7);
  await standingCards(world, OPS);
  const own = world.network.posted.filter(({ channel }) => channel === OPS);
  const messages = own
    .filter(({ thread }) => thread === undefined)
    .map((one) => ({
      ...(world.network.standing(one.id) ?? one),
      replies: own.filter(({ thread }) => thread?.id === one.id).length,
    }));
  return { typed: { by: 'ana', text }, messages };
}
