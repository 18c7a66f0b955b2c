import { describe, expect, it } from 'vitest';
import { parseScript } from '../../src/lab/script/parse-script.ts';

describe('a demo script', () => {
  it('is read line by line, each with its place', () => {
    const text = [
      '# a reimage',
      '',
      'ana: !reimage builder-07  # not a comment',
      'expect: needs 1 approval',
      'ben: +👍',
      'expect: /^op-\\w+ approved/i',
      'wait: /DONE/ 30s',
      'lab: fail configure builder-07 once',
    ].join('\n');
    expect(parseScript(text, 'tale.script')).toEqual({
      kind: 'script',
      lines: [
        {
          kind: 'say',
          place: 'tale.script:3',
          who: 'ana',
          text: '!reimage builder-07  # not a comment',
        },
        {
          kind: 'expect',
          place: 'tale.script:4',
          pattern: { kind: 'text', text: 'needs 1 approval' },
        },
        { kind: 'react', place: 'tale.script:5', who: 'ben', emoji: '👍', change: 'added' },
        {
          kind: 'expect',
          place: 'tale.script:6',
          pattern: { kind: 'regex', source: '^op-\\w+ approved', flags: 'i' },
        },
        {
          kind: 'wait',
          place: 'tale.script:7',
          pattern: { kind: 'regex', source: 'DONE', flags: '' },
          limitMs: 30_000,
        },
        { kind: 'lab', place: 'tale.script:8', line: 'fail configure builder-07 once' },
      ],
    });
  });

  it('takes limits in ms, s and m', () => {
    const parsed = parseScript('wait: /a/ 500ms\nwait: /a/ 1.5s\nwait: /a/ 2m', 'f');
    const limits = parsed.kind === 'script' ? parsed.lines : [];
    expect(limits).toMatchObject([{ limitMs: 500 }, { limitMs: 1_500 }, { limitMs: 120_000 }]);
  });

  it('names every malformed line with what was expected', () => {
    const text = [
      'what is this',
      'ana:',
      'wait: soon',
      'expect: /(/',
      'ana: /quit',
      'wait: /a/g 1s',
    ];
    expect(parseScript(text.join('\n'), 'tale.script')).toEqual({
      kind: 'malformed',
      problems: [
        'tale.script:1: "what is this": expected "NAME: text", "expect: …", "wait: /…/ 30s", "lab: …" or a # comment',
        'tale.script:2: "ana:" says nothing after its colon',
        'tale.script:3: "soon": expected a regular expression and a limit such as /running/ 30s',
        'tale.script:4: /(/ is not a regular expression: Invalid regular expression: /(/: Unterminated group',
        'tale.script:5: "/quit" is for a terminal; a script has "NAME: …" to speak and "lab: …"',
        'tale.script:6: /a/g: the flags g and y mean nothing here',
      ],
    });
  });
});
