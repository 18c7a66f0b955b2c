import { describe, expect, test } from 'vitest';
import type { Posted } from '../fixture/network.ts';
import { OPS, type World } from '../world.ts';
import { cardText } from './card-text.ts';
import { standingCards } from './card-world.ts';
import { nameless, playedWithCards } from './played-with-cards.ts';

describe('what an operator sees on a network with cards when', async () => {
  const seen = new Map<string, readonly string[]>();
  for (const [name, worlds] of await playedWithCards()) {
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
  return [await nameless(lines.join('\n'), world)];
}

function inChannel({ lines, reactions = [] }: Posted): readonly string[] {
  return [
    ...lines.map((line) => `  * ${line}`),
    ...(reactions.length > 0 ? [`    ${reactions.join(' ')}`] : []),
  ];
}
