import { describe, expect, it } from 'vitest';
import { backOff } from '../../../../src/adapters/chat/common/back-off.ts';
import { otherNick } from '../../../../src/adapters/chat/irc/other-nick.ts';

describe('another nick', () => {
  it('differs at each try and begins like ours', () => {
    const nicks = [1, 2, 3, 4, 5].map((tries) => otherNick('signalbox', tries));
    expect(nicks).toEqual(['signalbox_', 'signalbox_2', 'signalbox_3', 'signalb_4', 'signalb_5']);
  });
});

describe('the time between two tries to connect', () => {
  it('grows up to a minute, and is never nothing', () => {
    const longest = [0, 1, 2, 5, 6, 500].map((failures) => backOff(failures, () => 1));
    expect(longest).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
    expect(backOff(0, () => 0)).toBe(500);
  });
});
