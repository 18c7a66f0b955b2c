import type { Figure } from './figure.ts';
import { shown } from './shown.ts';

const ROW = 34;
const TOP = 64;
const WIDTH = 1_260;
const LEFT = 560;
const RIGHT = 920;
/** As far from the goal as the picture goes, either way; what is farther ends at its edge. */
const FARTHEST = 100;
const MET = '#2a7f62';
const MISSED = '#c2571a';

/** A picture of the figures that have a goal: how far each is on the right side of it, or on the wrong one. */
export function chart(figures: readonly Figure[]): string {
  const shownOnes = figures.filter(({ reach }) => reach !== null);
  const height = TOP + shownOnes.length * ROW + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    '<title>How far each figure is from its goal</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...axis(height),
    ...shownOnes.flatMap((figure, at) => row(figure, TOP + at * ROW)),
    '</svg>',
    '',
  ].join('\n');
}

function axis(height: number): readonly string[] {
  return [1 / FARTHEST, 0.1, 1, 10, FARTHEST].flatMap((reach) => {
    const x = placeOf(reach);
    const isGoal = reach === 1;
    const label = isGoal ? 'goal' : reach < 1 ? `${shown(1 / reach)} × short` : `${reach} × better`;
    return [
      text(x, 36, label, `text-anchor="middle" fill="#555"${isGoal ? ' font-weight="bold"' : ''}`),
      `<line x1="${x}" y1="46" x2="${x}" y2="${height - 8}" stroke="${isGoal ? '#333' : '#ddd'}"/>`,
    ];
  });
}

function row({ name, reach, met, ...figure }: Figure, y: number): readonly string[] {
  if (reach === null) return [];
  const colour = met ? MET : MISSED;
  const [from, to] = [placeOf(1), placeOf(reach.median)].sort((a, b) => a - b) as [number, number];
  const [low, high] = [placeOf(reach.worst), placeOf(reach.best)];
  return [
    text(LEFT - 16, y + 17, name, 'text-anchor="end"'),
    `<rect x="${from}" y="${y + 5}" width="${Math.max(1, to - from)}" height="16" fill="${colour}"/>`,
    `<line x1="${low}" y1="${y + 13}" x2="${high}" y2="${y + 13}" stroke="#111" stroke-width="2"/>`,
    text(RIGHT + 16, y + 11, inWords(figure), 'font-size="12"'),
    text(
      RIGHT + 16,
      y + 25,
      `${met ? 'met' : 'missed'}: ${figure.goal}`,
      `font-size="12" fill="${colour}"`,
    ),
  ];
}

function inWords({ ours, unit, ratio, peerName }: Omit<Figure, 'name' | 'reach' | 'met'>): string {
  const own = `${shown(ours)} ${unit}`;
  return ratio === null ? own : `${own}, ${shown(ratio)} × ${peerName}`;
}

/** Logarithmic, with the goal in the middle. */
function placeOf(reach: number): number {
  const within = Math.min(FARTHEST, Math.max(1 / FARTHEST, reach));
  const part = (Math.log(within) / Math.log(FARTHEST) + 1) / 2;
  return Math.round(LEFT + part * (RIGHT - LEFT));
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
