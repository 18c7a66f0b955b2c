import { describe, expect, it } from 'vitest';
import { chart } from '../../bench/report/chart.ts';
import { figureOf, type Measured } from '../../bench/report/figure.ts';

const STEPS: Measured = {
  name: 'steps <fenced>',
  measure: 'steps-per-second',
  load: [0.5, 1.25],
  unit: 'steps/s',
  ours: [60, 80, 100],
  peer: { name: 'bare jobs', values: [100, 100, 200] },
  goal: { of: 'ratio', is: 'at least', than: 0.6 },
};

const LATE: Measured = {
  name: 'late',
  measure: 'late',
  load: [0, 0],
  unit: 'ms',
  ours: [5, 20, 40],
  goal: { of: 'ours', is: 'under', than: 10 },
};

describe('a figure', () => {
  it('is the median of the rounds, and of the ratio that each round has to its peer', () => {
    expect(figureOf(STEPS)).toEqual({
      name: 'steps <fenced>',
      ours: 80,
      peer: 100,
      peerName: 'bare jobs',
      unit: 'steps/s',
      ratio: 0.6,
      goal: 'at least 0.6 ×',
      met: true,
      spread: { ours: [60, 100], peer: [100, 200] },
      rounds: 3,
      load: [0.5, 1.25],
      reach: { median: 1, worst: 0.5 / 0.6, best: 0.8 / 0.6 },
    });
  });

  it('misses a goal that its median misses, also when one round would meet it', () => {
    const { met, reach } = figureOf(LATE);
    expect(met).toBe(false);
    expect(reach).toEqual({ median: 0.5, worst: 0.25, best: 2 });
  });

  it('that says less than nothing meets no goal', () => {
    const ours = [-40, -20, 5];
    expect(figureOf({ ...LATE, ours })).toMatchObject({ ours: -20, met: false, reach: null });
    expect(figureOf({ ...LATE, ours: [-40, 5, 8] })).toMatchObject({ met: true });
    expect(figureOf({ ...LATE, ours: [0, 0] })).toMatchObject({ met: true, reach: null });
  });

  it('without a goal neither meets nor misses one', () => {
    const { goal: _, ...free } = LATE;
    expect(figureOf(free)).toMatchObject({ goal: null, met: null, reach: null, peer: null });
  });
});

describe('the chart', () => {
  it('shows what has a goal, says whether it is met, and takes no name for markup', () => {
    const { goal: _, ...free } = LATE;
    const drawn = chart([STEPS, LATE, { ...free, name: 'unseen' }].map(figureOf));
    expect(drawn).toContain('steps &lt;fenced&gt;');
    expect(drawn).toContain('met: at least 0.6 ×');
    expect(drawn).toContain('missed: under 10 ms');
    expect(drawn).not.toContain('unseen');
  });
});
