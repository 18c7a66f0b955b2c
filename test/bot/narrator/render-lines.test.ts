import { expect, test } from 'vitest';
import { renderLines } from '../../../src/bot/narrator/render-lines.ts';
import type { Situation } from '../../../src/bot/narrator/situation.ts';
import { OpId } from '../../../src/domain/ids.ts';

const ASKED: Situation = {
  op: OpId.parse('op-7k2m'),
  what: 'reimage builder-07',
  question: {
    needs: 'needs 1 approval from sysadmin-builders',
    options: [{ typed: '!approve op-7k2m c4f1', emoji: '👍' }],
    whose: [],
    see: ['!show op-7k2m'],
  },
};

test.each([
  {
    reactions: true,
    line: 'needs 1 approval from sysadmin-builders: !approve op-7k2m c4f1 or 👍 · !show op-7k2m',
  },
  {
    reactions: false,
    line: 'needs 1 approval from sysadmin-builders: !approve op-7k2m c4f1 · !show op-7k2m',
  },
])(
  'what can be pressed is offered only where that counts (reactions: $reactions)',
  ({ reactions, line }) => {
    expect(renderLines(ASKED, { reactions })).toEqual(['op-7k2m reimage builder-07', line]);
  },
);
