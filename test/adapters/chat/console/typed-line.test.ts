import { describe, expect, it } from 'vitest';
import { readTypedLine } from '../../../../src/adapters/chat/console/typed-line.ts';

describe('a line typed at a terminal', () => {
  const cases = [
    ['  ', { kind: 'nothing' }],
    [' !ops ', { kind: 'message', text: '!ops' }],
    ['+👍', { kind: 'reaction', emoji: '👍', change: 'added' }],
    ['-👍', { kind: 'reaction', emoji: '👍', change: 'removed' }],
    ['/react +👍', { kind: 'reaction', emoji: '👍', change: 'added' }],
    ['/react ⏸️', { kind: 'reaction', emoji: '⏸️', change: 'added' }],
    ['+👍🏽', { kind: 'reaction', emoji: '👍🏽', change: 'added' }],
    ['+1', { kind: 'message', text: '+1' }],
    ['👍', { kind: 'message', text: '👍' }],
    ['+👍 to that', { kind: 'message', text: '+👍 to that' }],
    ['/as ben', { kind: 'local', line: '/as ben' }],
    ['/react', { kind: 'local', line: '/react' }],
  ] as const;
  for (const [line, expected] of cases) {
    it(`"${line}" is ${expected.kind}`, () => expect(readTypedLine(line)).toEqual(expected));
  }
});
