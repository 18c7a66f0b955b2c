import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf } from '../../../../src/adapters/chat/slack/blocks.ts';
import { emojiOfName, nameOfEmoji } from '../../../../src/adapters/chat/slack/emoji-names.ts';
import type { Card, CardStep } from '../../../../src/bot/narrator/card.ts';
import { OpId } from '../../../../src/domain/ids.ts';
import { readAs, readBlocks, refusedBlocks } from '../../../slack/block-schema.ts';
import { outgoing, prompt } from './at-slack.ts';

const op = OpId.parse('op-7k2m');
const CARD: Card = {
  op,
  command: 'reimage builder-07',
  by: 'ana',
  mood: 'runs',
  headline: '4/8 reinstall',
  facts: ['staging', 'takes @builders from 19/20 to 18/20'],
  steps: [
    { title: 'disable in koji', stands: 'done', note: '1 s' },
    { title: 'reinstall', stands: 'runs', note: 'curl <installer>', noReturn: true },
    { title: 'configure', stands: 'ahead' },
  ],
  time: '4 min so far, about 20 min left',
  see: ['!show op-7k2m'],
};

const cardBlocks = (card: Card) => blocksOf(outgoing('card', { as: 'card', card }));

test('a card says what happens to what, how far it is, and what shows more', () => {
  expect(cardBlocks(CARD)).toEqual([
    words(
      { type: 'text', text: '🔄 ' },
      { type: 'text', text: 'op-7k2m', style: { bold: true } },
      { type: 'text', text: ' reimage builder-07 · ana\n' },
      { type: 'text', text: '4/8 reinstall', style: { bold: true } },
    ),
    words({
      type: 'text',
      text: '✅ 1. disable in koji — 1 s\n🔄 2. reinstall — curl <installer>\n┄┄ no way back after this ┄┄\n▫️ 3. configure',
    }),
    context('staging · takes @builders from 19/20 to 18/20 · 4 min so far, about 20 min left'),
    context('!show op-7k2m'),
  ]);
});

function words(...elements: object[]) {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function context(text: string) {
  return { type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] };
}

test('a question has a button for each answer, also for one that only has a sign', () => {
  const options = [
    { typed: '!approve op-7k2m c4f1', emoji: '👍' },
    { typed: '!answer op-7k2m cut-off', emoji: '🔌' },
  ];
  const question = { options, whose: [], see: [] };
  const situation = { op, what: 'needs 1 approval', question };
  expect(blocksOf(prompt('op-7k2m <needs>', { situation }))).toEqual([
    words({ type: 'text', text: 'op-7k2m <needs>' }),
    {
      type: 'actions',
      elements: [
        button(0, '👍 approve', '👍'),
        button(1, '🔌 cut-off', '🔌'),
        button(2, '👎 deny', '👎'),
      ],
    },
  ]);
});

function button(place: number, text: string, value: string) {
  return {
    type: 'button',
    action_id: `signalbox-answer-${place}`,
    text: { type: 'plain_text', text, emoji: true },
    value,
  };
}

test('of too many steps those around the one that runs are shown, and how many are not', () => {
  const steps = Array.from({ length: 200 }, (_, nth) => step(nth, nth < 100 ? 'done' : 'ahead'));
  const json = JSON.stringify(cardBlocks({ ...CARD, steps }));
  expect(refusedBlocks(json)).toBeUndefined();
  const text = readAs(readBlocks(json));
  expect(text).toMatch(/\n… \d+ before\n/);
  expect(text).toMatch(/\n… \d+ after\n/);
  expect(text).toContain('✅ 100. step 99');
});

function step(nth: number, stands: CardStep['stands']): CardStep {
  return { title: `step ${nth}`, stands, note: 'on builder-07.example.org & others' };
}

test('whatever hosts and people write, Slack takes it, and nothing of it is markup', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '<!channel>',
      '<@U01|ana>',
      '&lt;!here&gt;',
      '```',
      '\u202Eevil',
      '*'.repeat(1_000),
    ),
  );
  const cards = fc.record({
    command: hostile,
    by: hostile,
    headline: hostile,
    facts: fc.array(hostile, { maxLength: 12 }),
    steps: fc.array(
      fc.record({ title: hostile, stands: fc.constant('runs' as const), note: hostile }),
      {
        maxLength: 20,
      },
    ),
    see: fc.array(hostile, { maxLength: 12 }),
  });
  fc.assert(
    fc.property(cards, (more) => {
      const json = JSON.stringify(cardBlocks({ ...CARD, ...more }));
      expect(refusedBlocks(json)).toBeUndefined();
      expect(json).not.toContain('"mrkdwn"');
    }),
    { seed: 7, numRuns: 40 },
  );
});

test('each sign that is offered has a name, and is the same when it comes back', () => {
  for (const sign of ['👍', '👎', '🔁', '▶️', '⏭️', '↩️', '⏸️', '♻️', '🗑️', '🔌', '⏳']) {
    const name = nameOfEmoji(sign) ?? '';
    expect(emojiOfName(name)).toBe(sign.replace(/\u{FE0F}/gu, ''));
    expect(emojiOfName(`${name}::skin-tone-4`)).toBe(emojiOfName(name));
  }
  expect(nameOfEmoji('🦖')).toBeUndefined();
  expect(emojiOfName('sauropod')).toBe(':sauropod:');
  expect(emojiOfName('thumbsup')).toBe('👍');
});
