import { figureOf, type Measured } from './figure.ts';

const HEAD = ['measure', 'ours', 'peer', 'ratio', 'goal', 'met'];

/** Columns of text: medians, and in brackets the lowest and the highest round. */
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
  const { name, unit, ratio, goal, met } = figureOf(measured);
  const { ours, peer } = measured;
  return [
    name,
    `${spread(ours)} ${unit}`,
    peer ? `${spread(peer.values)} ${peer.name}` : '',
    ratio === null ? '' : `${shown(ratio)} ×`,
    goal ?? '',
    met === null ? '' : met ? 'yes' : 'NO',
  ];
}

function spread(values: readonly number[]): string {
  const { ours } = figureOf({ name: '', unit: '', ours: values });
  if (values.length === 1) return shown(ours);
  return `${shown(ours)} (${shown(Math.min(...values))}–${shown(Math.max(...values))})`;
}

function shown(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
