import { printable } from '../../../bot/grammar/printable.ts';
import type { Card, CardStep, Mood } from '../../../bot/narrator/card.ts';
import { escapeHtml } from './html.ts';

/** Elements and colours that clients let through; without colours it says the same. */
const MOODS: Readonly<Record<Mood, { readonly sign: string; readonly colour: string }>> = {
  waits: { sign: '⏳', colour: '#8a6d00' },
  runs: { sign: '▶️', colour: '#1f5fa8' },
  asks: { sign: '❓', colour: '#b35900' },
  done: { sign: '✅', colour: '#1d7a34' },
  failed: { sign: '❌', colour: '#b3261e' },
};

const STANDS: Readonly<Record<CardStep['stands'], string>> = {
  ahead: '○',
  runs: '▶️',
  unclear: '❔',
  parked: '⏸️',
  done: '✅',
  failed: '❌',
  skipped: '⏭️',
  undoing: '◀️',
  undone: '↩️',
};

/** An edit has its text twice, and an event has room for 65,536 bytes. */
const MOST_STEPS_BYTES = 9_000;
const MOST_BYTES = 18_000;

/** An operation as it stands, as one message; undefined where that is too long. */
export function cardHtml(card: Card): string | undefined {
  const { sign, colour } = MOODS[card.mood];
  const head = `${sign} <strong>${text(card.op)}</strong> <font color="${colour}" data-mx-color="${colour}"><strong>${text(card.headline)}</strong></font>`;
  const command = `<code>${text(card.command)}</code> · ${text(card.by)}`;
  const about = [...card.facts, card.time ?? ''].filter(Boolean).map(text).join(' · ');
  const see = card.see.map((one) => `<code>${text(one)}</code>`).join(' · ');
  const lines = [head, command, about].filter(Boolean).join('<br>');
  const html = `<p>${lines}</p>${stepsHtml(card.steps)}${see && `<p>${see}</p>`}`;
  return Buffer.byteLength(html) > MOST_BYTES ? undefined : html;
}

function stepsHtml(steps: readonly CardStep[]): string {
  const items = steps.map((step) => `<li>${stepHtml(step)}</li>`);
  let bytes = 0;
  const shown = items.filter((item) => {
    bytes += Buffer.byteLength(item);
    return bytes <= MOST_STEPS_BYTES;
  });
  const left = items.length - shown.length;
  const more = left > 0 ? `<li>and ${left} more</li>` : '';
  return items.length === 0 ? '' : `<ol>${shown.join('')}${more}</ol>`;
}

function stepHtml({ title, stands, note, noReturn }: CardStep): string {
  const way = noReturn ? ' <em>(no way back after this)</em>' : '';
  const name = stands === 'runs' ? `<strong>${text(title)}</strong>` : text(title);
  return `${STANDS[stands]} ${name}${way}${note ? ` · ${text(note)}` : ''}`;
}

function text(words: string): string {
  return escapeHtml(printable(words, 400));
}
