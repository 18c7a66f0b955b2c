import type { KnownBlock } from '@slack/types';
import type { Outgoing } from '../../../bot/chat-network.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import type { Card, CardStep, Mood } from '../../../bot/narrator/card.ts';
import { ACTION } from './payload.ts';
import { cutEscaped, escaped, joinedLines } from './write-text.ts';

/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const LONGEST_SECTION = 3_000;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const LONGEST_LABEL = 75;
const MOST_BUTTONS = 25;
const MOST_FACTS = 10;

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
  done: '✅',
  failed: '❌',
  skipped: '⏭️',
  undoing: '↩️',
  undone: '↩️',
};

/** The form that a message gets besides its text; undefined where text is enough. */
export function blocksOf(message: Outgoing): readonly KnownBlock[] | undefined {
  if (message.card !== undefined) return cardBlocks(message.card);
  if (message.as === 'prompt') return promptBlocks(message);
  return undefined;
}

/** The question as text, and a button for each answer. What it is about stands in its lines, which are harmless already. */
function promptBlocks({ lines, situation, reactions = [] }: Outgoing): readonly KnownBlock[] {
  const options = situation?.question?.options ?? reactions.map((emoji) => ({ emoji, typed: '' }));
  const buttons = options.slice(0, MOST_BUTTONS).map(({ emoji, typed }, place) => ({
    type: 'button' as const,
    action_id: `${ACTION}-${place}`,
    text: { type: 'plain_text' as const, text: label(emoji, typed), emoji: true },
    value: emoji,
  }));
  const text = section(joinedLines(lines, LONGEST_SECTION));
  return buttons.length === 0 ? [text] : [text, { type: 'actions', elements: buttons }];
}

/** `👍 approve`, `🔌 cut-off`: the word of the command, and of `!answer` the word that is answered. */
function label(emoji: string, typed: string): string {
  const [command = '', , word = ''] = typed.replace(/^[^\p{L}]+/u, '').split(' ');
  const shown = command === 'answer' ? word : command;
  return printable(`${emoji} ${shown}`.trim(), LONGEST_LABEL);
}

function cardBlocks(card: Card): readonly KnownBlock[] {
  const { op, command, by, mood, headline, facts, steps, time, see } = card;
  const title = `${MOODS[mood]} *${safe(op)}* ${safe(command)} · ${safe(by)}\n*${safe(headline)}*`;
  const small = [...facts, time ?? ''].slice(0, MOST_FACTS);
  return [
    section(cutEscaped(title, LONGEST_SECTION)),
    ...(steps.length > 0 ? [section(stepLines(steps))] : []),
    ...context(small),
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
  while (length > LONGEST_SECTION - 100 && to - from > 1) {
    const left = begun - from > to - begun ? from++ : --to;
    length -= (lines[left]?.length ?? 0) + 1;
  }
  const before = from > 0 ? [`… ${from} before`] : [];
  const after = to < lines.length ? [`… ${lines.length - to} after`] : [];
  return cutEscaped([...before, ...lines.slice(from, to), ...after].join('\n'), LONGEST_SECTION);
}

function stepLine({ title, stands, note, noReturn }: CardStep, place: number): string {
  const told = note ? ` — ${safe(note)}` : '';
  const last = noReturn ? '\n┄┄ no way back after this ┄┄' : '';
  return `${STANDS[stands]} ${place + 1}. ${safe(title)}${told}${last}`;
}

/** Of hosts and people: one line, harmless, and no mention; what would be bold or struck through is left as it is. */
function safe(text: string): string {
  return escaped(printable(text, 300));
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** None for nothing: Slack takes no empty text. */
function context(parts: readonly string[]): readonly KnownBlock[] {
  const text = cutEscaped(parts.map(safe).filter(Boolean).join(' · '), LONGEST_SECTION);
  if (text === '') return [];
  return [{ type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] }];
}
