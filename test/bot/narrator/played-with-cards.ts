import type { Outgoing } from '../../../src/bot/chat-network.ts';
import { createWorld, OPS, type World, type WorldOptions } from '../world.ts';
import { standingCards } from './card-world.ts';
import { SITUATIONS } from './situations.ts';

/** The worlds that each situation happens in, on a network with cards and threads. */
export async function playedWithCards(): Promise<ReadonlyMap<string, readonly World[]>> {
  const played = new Map<string, readonly World[]>();
  for (const [name, play] of Object.entries(SITUATIONS)) {
    const worlds: World[] = [];
    await play(async (options?: WorldOptions) => {
      const world = await createWorld({ ...options, edit: true, threads: true });
      worlds.push(world);
      return world;
    });
    played.set(name, worlds);
  }
  return played;
}

/** What stands in the channel at the end, the cards as they were edited last; threads are lines like any other. */
export async function standingIn(world: World): Promise<readonly Outgoing[]> {
  await standingCards(world, OPS);
  const { posted, standing } = world.network;
  return posted
    .filter(({ channel, thread }) => channel === OPS && thread === undefined)
    .flatMap(({ id }) => standing(id) ?? []);
}

/** The same whatever operations and codes were called. */
export async function nameless(text: string, world: World): Promise<string> {
  const ops = await world.operations();
  return ops
    .reduce((all, op, at) => all.replaceAll(op, `op-${at + 1}`), text)
    .replace(/(approve op-\d+) [0-9a-f]{4}\b/g, '$1 CODE');
}
