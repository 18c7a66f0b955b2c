import { describe, expect, test } from 'vitest';
import { readCall, readText } from '../../../../src/adapters/chat/slack/read-text.ts';
import { cutText, escaped, joinedLines } from '../../../../src/adapters/chat/slack/write-text.ts';

describe('what is read', () => {
  test.each([
    ['!reimage <http://b.example.org|b.example.org>', '!reimage b.example.org'],
    ['see <https://x.org/a?b=1&amp;c=2>', 'see https://x.org/a?b=1&c=2'],
    ['<@U01> and <@U02|ben> in <#C01|ops>', '@U01 and @ben in #ops'],
    ['<!channel> <!subteam^S01|@admins>', '@channel @admins'],
    ['write <mailto:a@b.org|a@b.org>', 'write a@b.org'],
    ['1 &lt; 2 &amp;amp; 3', '1 < 2 &amp; 3'],
    ['&lt;@U01&gt;', '<@U01>'],
  ])('%s', (written, read) => {
    expect(readText(written)).toBe(read);
  });

  test('a mention of us at the beginning is our name, and anybody else is not', () => {
    expect(readCall('<@U0> status', 'U0', 'signalbox')).toBe('@signalbox status');
    expect(readCall('<@U1> status', 'U0', 'signalbox')).toBe('@U1 status');
    expect(readCall('ask <@U0>', 'U0', 'signalbox')).toBe('ask @U0');
  });
});

describe('what is written', () => {
  test('holds no mention, link or channel, whatever it was made of', () => {
    expect(escaped('<!channel> <@U01> & <#C01>')).toBe(
      '&lt;!channel&gt; &lt;@U01&gt; &amp; &lt;#C01&gt;',
    );
  });

  test('is cut without half a character', () => {
    expect(cutText('abcd', 4)).toBe('abcd');
    expect(cutText('abcdef', 4)).toBe('abc…');
    expect(cutText('ab😀cd', 4)).toBe('ab…');
  });

  test('says how many lines did not fit', () => {
    const lines = Array.from({ length: 30 }, (_, nth) => `line ${nth} of many`);
    expect(joinedLines(lines, 4_000)).toBe(lines.join('\n'));
    const short = joinedLines(lines, 200);
    expect(short.length).toBeLessThanOrEqual(200);
    expect(short).toMatch(/^line 0 of many\n.*… and \d+ lines more than a message can hold$/s);
  });
});
