import { describe, expect, test } from 'vitest';
import type { Posted } from '../fixture/network.ts';
import { createWorld, OPS, type World, type WorldOptions } from '../world.ts';
import { cardText } from './card-text.ts';
import { standingCards } from './card-world.ts';
import { SITUATIONS } from './situations.ts';

describe('what an operator sees on a network with cards when', async () => {
  const seen = new Map<string, readonly string[]>();
  for (const [name, play] of Object.entries(SITUATIONS)) {
    const worlds: World[] = [];
    await play(async (options?: WorldOptions) => {
      const world = await createWorld({ ...options, edit: true, threads: true });
      worlds.push(world);
      return world;
    });
    const all = await Promise.all(worlds.map(seenIn));
    if (all.flat().length > 0) seen.set(name, all.flat());
  }

  test('any of them comes up is as it was judged', async () => {
    const whole = [...seen].map(([name, lines]) => `# ${name}\n${lines.join('\n')}\n`);
    await expect(whole.join('\n')).toMatchFileSnapshot('situations-cards.txt');
  });
});

/** The cards as they stand at the end, then what was said in the channel, then what is in threads. */
async function seenIn(world: World): Promise<readonly string[]> {
  const cards = await standingCards(world, OPS);
  if (cards.length === 0) return [];
  const said = world.network.posted.filter((one) => one.channel === OPS && one.as !== 'card');
  const lines = [
    ...cards.flatMap(cardText),
    ...said.filter(({ thread }) => thread === undefined).flatMap(inChannel),
    ...said.filter(({ thread }) => thread).flatMap((one) => one.lines.map((line) => `  | ${line}`)),
  ];
  const ops = await world.operations();
  return lines
    .map((line) => ops.reduce((text, op, at) => text.replaceAll(op, `op-${at + 1}`), line))
    .map((line) => line.replace(/(approve op-\d+) [0-9a-f]{4}\b/, '$1 CODE'));
}

function inChannel({ lines, reactions = [] }: Posted): readonly string[] {
  return [
    ...lines.map((line) => `  * ${line}`),
    ...(reactions.length > 0 ? [`    ${reactions.join(' ')}`] : []),
  ];
}
