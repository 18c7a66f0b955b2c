import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import driver from '../../../../src/adapters/infra/downtime-command.ts';
import { OpId, UserId } from '../../../../src/domain/ids.ts';
import { downtimeConformance, HOST } from '../../../downtime-conformance.ts';
import { until } from '../../../until.ts';
import { connectDowntime } from './connect-downtime.ts';

const { signal } = new AbortController();
const WORDS = ['{action}', '{host}', '{op}', '{until}'];
const notice = {
  op: OpId.parse('op-7k2m'),
  by: UserId.parse('ana'),
  reason: 'reimage builder-07',
  until: Date.UTC(2026, 10, 18, 14, 30),
};

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'signalbox-downtime-'));
}

function program(path: string, text: string): string {
  writeFileSync(path, `#!/bin/sh\nhere=\${0%/*}\n${text}\n`, { mode: 0o755 });
  return path;
}

/** A site's command that keeps a file for each downtime. */
const SITE = `
mkdir -p "$here/$2"
case $1 in
begin) printf %s "$4" >"$here/$3.new" && mv "$here/$3.new" "$here/$2/$3" ;;
end) rm -f "$here/$2/$3" ;;
esac`;

downtimeConformance('a command of the site', async () => {
  const root = folder();
  const path = program(join(root, 'downtime'), SITE);
  const standing = (host: string) => {
    const own = join(root, host);
    const files = existsSync(own) ? readdirSync(own) : [];
    return files.filter((name) => Date.parse(readFileSync(join(own, name), 'utf8')) > Date.now());
  };
  return {
    worker: () => connectDowntime(driver, { run: [path, ...WORDS] }).hook,
    isQuiet: async (host) => standing(host).length > 0,
    standing: async (host) => standing(host).length,
    now: Date.now,
    tick: () => undefined,
    close: async () => rmSync(root, { recursive: true }),
  };
});

function commandOf(text: string, config: Record<string, unknown> = {}, words = WORDS) {
  const root = folder();
  onTestFinished(() => rmSync(root, { recursive: true }));
  const path = program(join(root, 'downtime'), text);
  const { hook, check } = connectDowntime(driver, { run: [path, ...words], ...config });
  return { hook, check, path, said: () => readFileSync(join(root, 'said'), 'utf8') };
}

describe('the command of a site', () => {
  it('is given whole words, in the order of its configuration, and no shell sees them', async () => {
    const words = ['--at', '{host}', '$(reboot)', '{until}', '{action}', '{op}'];
    const { hook, said } = commandOf('printf "%s\\n" "$@" >"$here/said"', {}, words);
    await hook.begin(HOST, notice, signal);
    expect(said().trimEnd().split('\n')).toEqual([
      '--at',
      'builder-07.example.org',
      '$(reboot)',
      '2026-11-18T14:30:00Z',
      'begin',
      'op-7k2m',
    ]);
  });

  it('gets nothing of our environment but the PATH', async () => {
    const { hook, said } = commandOf('env | cut -d= -f1 | sort >"$here/said"');
    process.env.SIGNALBOX_SECRET_FOR_TEST = 'hunter2';
    onTestFinished(() => void delete process.env.SIGNALBOX_SECRET_FOR_TEST);
    await hook.begin(HOST, notice, signal);
    const own = ['_', 'LC_ALL', 'OLDPWD', 'PATH', 'PWD', 'SHLVL'];
    expect(
      said()
        .trimEnd()
        .split('\n')
        .filter((name) => !own.includes(name)),
    ).toEqual([]);
    expect(said()).toContain('PATH');
  });

  it('that ends with another code than 0 failed, and its first words are said', async () => {
    const { hook, path } = commandOf(
      'echo >&2; echo "no such host in icinga" >&2; echo more >&2; exit 3',
    );
    await expect(hook.begin(HOST, notice, signal)).rejects.toMatchObject({
      code: 'downtime.command-failed',
      message: `${path} ended with 3: no such host in icinga`,
    });
  });

  it('that hangs is killed with all that it started', async () => {
    const { hook, said } = commandOf('sleep 600 & echo $! >"$here/said"; wait', {
      'timeout-s': 0.5,
    });
    await expect(hook.begin(HOST, notice, signal)).rejects.toMatchObject({
      code: 'downtime.command-too-slow',
      effect: 'unknown',
    });
    await until(() => !isRunning(Number(said())));
  });

  it('is killed when its worker gives it up', async () => {
    const stopped = new AbortController();
    const { hook, said } = commandOf('sleep 600 & echo $! >"$here/said"; wait', {
      'timeout-s': 60,
    });
    const begun = hook.begin(HOST, notice, stopped.signal);
    await until(() => {
      try {
        return Number(said()) > 0;
      } catch {
        return false;
      }
    });
    stopped.abort(new Error('the lease is lost'));
    await expect(begun).rejects.toThrow('the lease is lost');
    await until(() => !isRunning(Number(said())));
  });

  it('that is not there is named, by signalbox check too', async () => {
    const { hook, check } = connectDowntime(driver, { run: ['/nowhere/downtime', ...WORDS] });
    const missing = {
      code: 'downtime.command-missing',
      message: /^\/nowhere\/downtime cannot be run: ENOENT/,
    };
    await expect(hook.begin(HOST, notice, signal)).rejects.toMatchObject({
      code: missing.code,
      message: expect.stringMatching(missing.message),
    });
    await expect(check(signal)).rejects.toMatchObject({ code: missing.code });
  });

  it.each([
    [['downtime', '{action}', '{host}'], 'expected the whole path of a program first'],
    [['/bin/downtime', '{host}'], 'expected {action} among its words'],
    [['/bin/downtime'], 'expected {action} and {host} among its words'],
    [['/bin/downtime', '{action}', '{host}', '--op={op}'], 'each as a word of its own'],
    [['/bin/downtime', '{action}', '{host}', '{reason}'], 'each as a word of its own'],
    [[], 'expected a program and its words'],
  ])('%j is refused', (run, complaint) => {
    expect(() => driver.config.parse({ run })).toThrow(complaint);
  });
});

/** Not a zombie either: whoever reaps it may be late. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
