import { figureOf, type Measured } from './figure.ts';
import { shown } from './shown.ts';

const HEAD = ['measure', 'ours', 'peer', 'ratio', 'goal', 'met', 'load'];

/** Columns of text: medians, in brackets the lowest and the highest round; the machine's load before and after. */
export function table(measured: readonly Measured[]): string {
  const rows = [HEAD, ...measured.map(row)];
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row(measured: Measured): string[] {
  const { name, unit, ours, peer, peerName, ratio, goal, met, spread, load } = figureOf(measured);
  return [
    name,
    `${withRange(ours, spread.ours)} ${unit}`,
    peer && spread.peer ? `${withRange(peer, spread.peer)} ${peerName}` : '',
    ratio === null ? '' : `${shown(ratio)} ×`,
    goal ?? '',
    met === null ? '' : met ? 'yes' : 'NO',
    load.map((one) => one.toFixed(1)).join('–'),
  ];
}

function withRange(value: number, [lowest, highest]: readonly [number, number]): string {
  if (lowest === highest) return shown(value);
  return `${shown(value)} (${shown(lowest)}–${shown(highest)})`;
}
