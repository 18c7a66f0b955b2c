import type { Card, CardStep } from '../../../src/bot/narrator/card.ts';

const SIGNS: Record<CardStep['stands'], string> = {
  ahead: ' ',
  runs: '>',
  unclear: '?',
  parked: '=',
  done: '+',
  failed: '!',
  skipped: '-',
  undoing: '<',
  undone: '~',
};

/** All that a card says, in lines, so that it can be judged. */
export function cardText(card: Card): readonly string[] {
  const { op, command, by, mood, headline, facts, steps, time, see } = card;
  return [
    `[${mood}] ${op} ${headline}`,
    `    ${command} · asked by ${by}`,
    ...(facts.length > 0 ? [`    ${facts.join(' · ')}`] : []),
    ...steps.map(stepText),
    `    ${[time, ...see].filter(Boolean).join(' · ')}`,
  ];
}

function stepText({ title, stands, note, noReturn }: CardStep, at: number): string {
  const end = noReturn ? ' (no way back)' : '';
  return `  ${SIGNS[stands]} ${at + 1} ${title}${end}${note ? `: ${note}` : ''}`;
}
