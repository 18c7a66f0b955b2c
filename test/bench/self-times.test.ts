import type { Profiler } from 'node:inspector';
import { describe, expect, it } from 'vitest';
import { selfTimes } from '../../bench/profile/self-times.ts';

function node(id: number, functionName: string, url = '', lineNumber = -1): Profiler.ProfileNode {
  return { id, callFrame: { functionName, url, lineNumber, scriptId: '1', columnNumber: 0 } };
}

const PROFILE: Profiler.Profile = {
  nodes: [
    node(1, '(idle)'),
    node(2, 'fold', `file://${process.cwd()}/src/fold.ts`, 9),
    node(3, '', 'file:///anywhere/node_modules/zod/v4/parse.js', 0),
    node(4, 'fold', `file://${process.cwd()}/src/fold.ts`, 9),
  ],
  startTime: 0,
  endTime: 10_000,
  samples: [1, 2, 3, 4],
  timeDeltas: [6_000, 1_000, 1_000, 2_000],
};

describe('the self times of a profile', () => {
  it('add up over all callers of a function, and leave out the time in which nothing ran', () => {
    expect(selfTimes(PROFILE)).toEqual([
      { where: 'fold src/fold.ts:10', ms: 3, part: 0.75 },
      { where: '(anonymous) zod/v4/parse.js:1', ms: 1, part: 0.25 },
    ]);
  });

  it('are none when nothing was sampled', () => {
    expect(selfTimes({ nodes: [], startTime: 0, endTime: 0 })).toEqual([]);
  });
});
