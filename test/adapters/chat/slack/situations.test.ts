import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../../../src/adapters/chat/slack/blocks.ts';
import type { Outgoing } from '../../../../src/bot/chat-network.ts';
import { nameless, playedWithCards, standingIn } from '../../../bot/narrator/played-with-cards.ts';
import { readBlocks, readWithButtons, refusedBlocks } from '../../../slack/block-schema.ts';

describe('what an operator sees on Slack when', async () => {
  const seen = new Map<string, string>();
  const refused = new Map<string, unknown>();
  for (const [name, worlds] of await playedWithCards()) {
    const messages: string[] = [];
    for (const world of worlds) {
      for (const message of await standingIn(world)) {
        const json = JSON.stringify(blocksOf(message));
        refused.set(`${name}: ${message.as}`, refusedBlocks(json));
        messages.push(await nameless(shown(message, json), world));
      }
    }
    seen.set(name, messages.join('\n'));
  }

  test('any of them comes up is as it was judged', async () => {
    const whole = [...seen].map(([name, messages]) => `# ${name}\n${messages}\n`);
    await expect(whole.join('\n')).toMatchFileSnapshot('situations.txt');
  });

  test.each([...refused])('%s is taken by Slack', (_, why) => {
    expect(why).toBeUndefined();
  });
});

/** As people read it, and each of its blocks. */
function shown({ as }: Outgoing, json: string): string {
  const blocks = readBlocks(json);
  const read = readWithButtons(blocks).split('\n');
  return [
    as,
    ...read.map((line) => `  | ${line}`),
    ...blocks.map((block) => `  ${JSON.stringify(block)}`),
  ].join('\n');
}
