import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  EndReport,
  formatReportedLine,
} from '../../../../src/adapters/infra/openssh/reported-line.ts';
import { withoutNoise } from '../../../../src/adapters/infra/ssh/remote-line.ts';

const TOKEN = 'a1b2';

/** What a host makes of it: the account's shell is given the line. */
function run(argv: readonly string[]) {
  const line = formatReportedLine({ argv, sudo: false, limitSeconds: 10 }, TOKEN);
  const { stdout, stderr } = spawnSync('sh', ['-c', line]);
  const report = new EndReport(TOKEN);
  report.push(stderr);
  return {
    code: report.code,
    stdout: withoutNoise(stdout.toString()),
    stderr: report.without(stderr.toString()),
  };
}

describe('a line that reports its own end', () => {
  it.each([0, 1, 124, 137, 255])('says that the command ended with %i', (code) => {
    expect(run(['sh', '-c', `exit ${code}`]).code).toBe(code);
  });

  it.each([
    ['TERM', 143],
    ['KILL', 137],
    ['SEGV', 139],
  ])('says that SIG%s ended the command, and nothing else', (signal, code) => {
    expect(run(['sh', '-c', `kill -${signal} $$`])).toEqual({ code, stdout: '', stderr: '' });
  });

  it('keeps what the command says as it is, the words of the line itself too', () => {
    const words = ['; exec ', "it's", '$HOME', '; exec timeout'];
    const said = run(['sh', '-c', 'printf "[%s]" "$@"; echo err >&2', 'sh', ...words]);
    expect(said).toEqual({
      code: 0,
      stdout: words.map((word) => `[${word}]`).join(''),
      stderr: 'err\n',
    });
  });

  it('says so when there is no such program', () => {
    expect(run(['no-such-program'])).toMatchObject({
      code: 127,
      stderr: expect.stringContaining('no-such-program'),
    });
  });
});

describe('the report', () => {
  const text = `some words\x1e${TOKEN} 7\x1eand a daemon's`;

  it('is found wherever the stream is cut', () => {
    for (let at = 0; at <= text.length; at += 1) {
      const report = new EndReport(TOKEN);
      report.push(Buffer.from(text.slice(0, at)));
      report.push(Buffer.from(text.slice(at)));
      expect(report.code).toBe(7);
    }
  });

  it('is not part of what the command said', () => {
    expect(new EndReport(TOKEN).without(text)).toBe("some wordsand a daemon's");
  });

  it('counts only with its own token', () => {
    const report = new EndReport('other');
    report.push(Buffer.from(text));
    expect(report.code).toBeUndefined();
  });
});
