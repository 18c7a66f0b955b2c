import { describe, expect, it } from 'vitest';
import { CheckEntry } from '../../../src/adapters/config/check-schema.ts';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { inside, wholeOf } from '../../../src/adapters/config/config-part.ts';
import { readPart } from '../../../src/adapters/config/read-part.ts';

function read(text: string) {
  const file = configFile('services.yaml', `check: ${text}\n`);
  return readPart(inside(wholeOf(file), 'check'), CheckEntry);
}

function complaints(text: string): string {
  const found = read(text);
  if (found.kind === 'read') return 'taken';
  return found.problems.map(({ message, expected }) => `${message}; ${expected}`).join('\n');
}

describe('a check of a service in the configuration', () => {
  it('has what is usual where nothing is said', () => {
    expect(read('{ name: web, kind: http }')).toEqual({
      kind: 'read',
      value: {
        name: 'web',
        target: {
          kind: 'http',
          scheme: 'https',
          port: 443,
          path: '/',
          status: [200],
          redirects: 0,
        },
        successes: 3,
        intervalMs: 5_000,
        deadlineMs: 120_000,
        timeoutMs: 10_000,
      },
    });
  });

  it.each([
    ['{ name: a, kind: tcp, port: 22, from: probe-01 }', { kind: 'tcp', port: 22 }],
    [
      '{ name: a, kind: dns, record: www.example.org, answer: [192.0.2.1] }',
      { kind: 'dns', port: 53, record: 'www.example.org', type: 'A', answer: ['192.0.2.1'] },
    ],
    [
      '{ name: a, kind: smtp, starttls: true, certificate-days: 7 }',
      { kind: 'smtp', port: 25, starttls: true, certificateDays: 7 },
    ],
    [
      '{ name: a, kind: repository, format: rpm, scheme: http, path: /f43, not-older-than: 2d }',
      {
        kind: 'repository',
        format: 'rpm',
        scheme: 'http',
        port: 80,
        path: '/f43',
        olderThanMs: 172_800_000,
      },
    ],
    [
      '{ name: a, kind: command, run: [systemctl, is-active, nginx] }',
      { kind: 'command', argv: ['systemctl', 'is-active', 'nginx'], asRoot: false },
    ],
    [
      '{ name: a, kind: http, path: /s, status: [200, 401], body: { matches: "^ok \\\\d+$" } }',
      expect.objectContaining({
        path: '/s',
        status: [200, 401],
        body: { kind: 'matches', pattern: '^ok \\d+$' },
      }),
    ],
  ])('understands %s', (text, target) => {
    expect(read(text)).toMatchObject({ kind: 'read', value: { target } });
  });

  it.each([
    ['{ name: a, kind: ftp }', 'http, tcp, dns, smtp, repository or command'],
    ['{ name: a, kind: tcp }', 'a port from 1 to 65535'],
    ['{ name: a, kind: smtp, from: probe-01 }', 'unknown key "from"'],
    ['{ name: a, kind: http, path: status }', 'a path from the root'],
    ['{ name: a, kind: http, body: {} }', 'exactly one of contains and matches'],
    ['{ name: a, kind: http, body: { matches: "(a+)+$" } }', 'no group that is repeated'],
    ['{ name: a, kind: http, successes: 9, every: 1m }', 'time for 9 successes, every 60 s'],
    ['{ name: a, kind: http, scheme: http, certificate-days: 7 }', 'scheme: https with it'],
    ['{ name: a, kind: http, from: probe-01, certificate-days: 7 }', 'none with from'],
    ['{ name: a, kind: http, from: probe-01, redirects: 1 }', 'none with from'],
    ['{ name: a, kind: smtp, certificate-days: 7 }', 'starttls: true with it'],
  ])('refuses %s', (text, wanted) => {
    expect(complaints(text)).toContain(wanted);
  });
});
