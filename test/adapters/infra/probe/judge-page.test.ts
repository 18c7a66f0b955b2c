import { describe, expect, it } from 'vitest';
import { curlWords, toPage } from '../../../../src/adapters/infra/probe/curl-page.ts';
import { judgePage } from '../../../../src/adapters/infra/probe/judge-page.ts';
import { judgeRepository } from '../../../../src/adapters/infra/probe/judge-repository.ts';
import type { Page } from '../../../../src/adapters/infra/probe/page.ts';

const NOW = Date.parse('2026-11-18T14:00:00Z');
const HOUR = 3_600_000;
const PAGE: Page = { status: 200, modifiedAt: undefined, body: '', daysLeft: undefined };

describe('what a page has to say', () => {
  const web = { kind: 'http', scheme: 'http', port: 80, path: '/', redirects: 0 } as const;

  it('has one of the statuses', () => {
    const target = { ...web, status: [200, 401] };
    expect(judgePage(target, { ...PAGE, status: 401 }).kind).toBe('passed');
    expect(judgePage(target, { ...PAGE, status: 403 })).toEqual({
      kind: 'failed',
      came: 'HTTP 403',
    });
  });

  it('has a line that matches within its first 300 characters', () => {
    const body = { kind: 'matches', pattern: 'build \\d+$' } as const;
    const target = { ...web, status: [200], body };
    expect(judgePage(target, { ...PAGE, body: 'a\r\nbuild 7\r\nb' }).kind).toBe('passed');
    expect(judgePage(target, { ...PAGE, body: `${'x'.repeat(300)}build 7` }).kind).toBe('failed');
  });

  it('is given up when its lines take too long', () => {
    const body = { kind: 'matches', pattern: 'a.*b.*c$' } as const;
    const lines = Array.from({ length: 800 }, () => 'ab'.repeat(150)).join('\n');
    const before = performance.now();
    const { kind } = judgePage({ ...web, status: [200], body }, { ...PAGE, body: lines });
    expect(kind).toBe('failed');
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});

describe('the index of a repository', () => {
  const place = { kind: 'repository', scheme: 'https', port: 443, path: '/' } as const;
  const judge = (format: 'debian' | 'rpm' | 'haiku', page: Partial<Page>) =>
    judgeRepository({ ...place, format, olderThanMs: 48 * HOUR }, { ...PAGE, ...page }, NOW);
  const release = (date: string) => `Origin: Debian\nSuite: stable\nDate: ${date}\n`;
  const repomd = (...times: readonly number[]) =>
    `<repomd xmlns="http://linux.duke.edu/metadata/repo">${times.map((at) => `<data><timestamp>${at}</timestamp></data>`).join('')}</repomd>`;

  it('is as old as a Release file says', () => {
    expect(judge('debian', { body: release('Tue, 17 Nov 2026 14:00:00 UTC') })).toEqual({
      kind: 'passed',
      came: 'an index 24 h old',
    });
    expect(judge('debian', { body: release('Sun, 15 Nov 2026 14:00:00 UTC') })).toEqual({
      kind: 'failed',
      came: 'an index 72 h old',
    });
  });

  it('is as old as the newest part of a repomd.xml', () => {
    const [old, young] = [NOW / 1000 - 90 * 3600, NOW / 1000 - 3600];
    expect(judge('rpm', { body: repomd(old, young) }).kind).toBe('passed');
    expect(judge('rpm', { body: repomd(old) }).kind).toBe('failed');
  });

  it('is as old as the server says of a Haiku repository', () => {
    const body = 'f'.repeat(64);
    expect(judge('haiku', { body, modifiedAt: NOW - HOUR }).kind).toBe('passed');
    expect(judge('haiku', { body, modifiedAt: NOW - 72 * HOUR }).kind).toBe('failed');
    expect(judge('haiku', { body })).toMatchObject({ came: 'something that is no repo.sha256' });
  });

  it('has to be one, and not one of another time', () => {
    expect(judge('debian', { body: '<html>Date: now</html>' })).toEqual({
      kind: 'failed',
      came: 'something that is no Release',
    });
    expect(judge('rpm', { body: repomd(NOW / 1000).replace('</repomd>', '') })).toEqual({
      kind: 'failed',
      came: 'something that is no repodata/repomd.xml',
    });
    expect(judge('rpm', { body: repomd(NOW / 1000 + 7200) }).came).toBe('an index of 2 h ahead');
    expect(judge('rpm', { status: 404 }).came).toBe('HTTP 404 for repodata/repomd.xml');
  });
});

describe('a page that curl printed on another host', () => {
  it('is asked for at the address of an IPv6 member, with no proxy and no configuration', () => {
    const wanted = {
      scheme: 'https',
      name: 'www.example.org',
      port: 443,
      path: '/a?b',
      redirects: 0,
    } as const;
    const words = curlWords(wanted, '2001:db8::7', 2_500);
    expect(words.slice(0, 2)).toEqual(['curl', '--disable']);
    expect(words).toContain('www.example.org:443:[2001:db8::7]:443');
    expect(words.slice(-2)).toEqual(['--', 'https://www.example.org:443/a?b']);
    expect(words[words.indexOf('--max-time') + 1]).toBe('3');
  });

  it('has its status, its time and its body', () => {
    const printed =
      'HTTP/1.1 200 OK\r\nLast-Modified: Wed, 18 Nov 2026 13:00:00 GMT\r\n\r\na\r\n\r\nb';
    expect(toPage(printed, false)).toEqual({
      status: 200,
      modifiedAt: NOW - HOUR,
      body: 'a\r\n\r\nb',
      daysLeft: undefined,
    });
    expect(() => toPage('hello', false)).toThrow('an answer that is not HTTP');
  });
});
