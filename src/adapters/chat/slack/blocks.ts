import type { KnownBlock, RichTextSection } from '@slack/types';
import type { Outgoing } from '../../../bot/chat-network.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import type { Card, CardStep, Mood } from '../../../bot/narrator/card.ts';
import { ACTION } from './payload.ts';
import { cutText, joinedLines } from './write-text.ts';

/** Of all blocks together; more than 13,200 is refused, whatever each may hold: https://github.com/slackapi/bolt-js/issues/2509 */
const LONGEST_LINES = 9_000;
const LONGEST_STEPS = 6_000;
const LONGEST_CONTEXT = 1_500;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const LONGEST_LABEL = 75;
const MOST_BUTTONS = 25;

const MOODS: Readonly<Record<Mood, string>> = {
  waits: '⏳',
  runs: '🔄',
  asks: '❓',
  done: '✅',
  failed: '❌',
};
const STANDS: Readonly<Record<CardStep['stands'], string>> = {
  ahead: '▫️',
  runs: '🔄',
  unclear: '❔',
  parked: '⏸️',
  done: '✅',
  failed: '❌',
  skipped: '⏭️',
  undoing: '↩️',
  undone: '↩️',
};

/** What a sign alone means. */
const UNSPELT: Readonly<Record<string, string>> = { '👍': 'approve', '👎': 'deny' };

/**
 * What people see of a message. Its words stand in rich text, in which nothing is markup, a mention or a link:
 * https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function blocksOf(message: Outgoing): readonly KnownBlock[] {
  if (message.card !== undefined) return cardBlocks(message.card);
  const text = words(plain(joinedLines(message.lines, LONGEST_LINES) || '…'));
  return message.as === 'prompt' ? [text, ...buttonsOf(message)] : [text];
}

/** One for each answer, also for those that the lines do not spell out. */
function buttonsOf({ situation, reactions = [] }: Outgoing): readonly KnownBlock[] {
  const spelt = situation?.question?.options ?? [];
  const others = reactions.filter((emoji) => spelt.every((option) => option.emoji !== emoji));
  const options = [...spelt, ...others.map((emoji) => ({ emoji, typed: UNSPELT[emoji] ?? '' }))];
  const elements = options.slice(0, MOST_BUTTONS).map(({ emoji, typed }, place) => ({
    type: 'button' as const,
    action_id: `${ACTION}-${place}`,
    text: { type: 'plain_text' as const, text: label(emoji, typed), emoji: true },
    value: emoji,
  }));
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

/** `👍 approve`, `🔌 cut-off`: the word of the command, and of `!answer` the word that is answered. */
function label(emoji: string, typed: string): string {
  const [command = '', , word = ''] = typed.replace(/^[^\p{L}]+/u, '').split(' ');
  const shown = command === 'answer' ? word : command;
  return printable(`${emoji} ${shown}`.trim(), LONGEST_LABEL);
}

function cardBlocks(card: Card): readonly KnownBlock[] {
  const { op, command, by, mood, headline, facts, steps, time, see } = card;
  return [
    words(
      plain(`${MOODS[mood]} `),
      bold(op),
      plain(` ${safe(command)} · ${safe(by)}\n`),
      bold(safe(headline) || '…'),
    ),
    ...(steps.length > 0 ? [words(plain(stepLines(steps)))] : []),
    ...context([...facts, time ?? '']),
    ...context(see),
  ];
}

/** Where they are too many, those in the middle of what happens: what was done long ago and what is far ahead goes first. */
function stepLines(steps: readonly CardStep[]): string {
  const lines = steps.map(stepLine);
  const begun = steps.findLastIndex(({ stands }) => stands !== 'ahead');
  let from = 0;
  let to = lines.length;
  let length = lines.reduce((sum, line) => sum + line.length + 1, 0);
  while (length > LONGEST_STEPS && to - from > 1) {
    const left = begun - from > to - begun ? from++ : --to;
    length -= (lines[left]?.length ?? 0) + 1;
  }
  const before = from > 0 ? [`… ${from} before`] : [];
  const after = to < lines.length ? [`… ${lines.length - to} after`] : [];
  return [...before, ...lines.slice(from, to), ...after].join('\n');
}

function stepLine({ title, stands, note, noReturn }: CardStep, place: number): string {
  const told = note ? ` — ${safe(note)}` : '';
  const last = noReturn ? '\n┄┄ no way back after this ┄┄' : '';
  return `${STANDS[stands]} ${place + 1}. ${safe(title)}${told}${last}`;
}

/** Of hosts and people: one line, and harmless. */
function safe(text: string): string {
  return printable(text, 300);
}

type Words = RichTextSection['elements'][number];

function words(...elements: Words[]): KnownBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function plain(text: string): Words {
  return { type: 'text', text };
}

function bold(text: string): Words {
  return { type: 'text', text, style: { bold: true } };
}

/** In small letters. None for nothing: Slack takes no empty text. */
function context(parts: readonly string[]): readonly KnownBlock[] {
  const text = cutText(parts.map(safe).filter(Boolean).join(' · '), LONGEST_CONTEXT);
  if (text === '') return [];
  return [{ type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] }];
}
