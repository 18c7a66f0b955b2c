import { describe, expect, it } from 'vitest';
import { BUILT_IN_PATTERNS } from '../../../src/jobs/console/built-in-patterns.ts';
import { sitePattern } from '../../../src/jobs/console/console-pattern.ts';
import { NOTHING_SCANNED, scanConsole } from '../../../src/jobs/console/scan-console.ts';

function found(text: string) {
  const { findings } = scanConsole(NOTHING_SCANNED, `${text}\n`, BUILT_IN_PATTERNS);
  return findings.map(({ pattern }) => [pattern.severity, pattern.code, pattern.name].join(' '));
}

describe('what is known of consoles', () => {
  it.each([
    [
      '[    3.1] Kernel panic - not syncing: VFS: Unable to mount root fs',
      'fatal console.panic a kernel panic',
    ],
    ['Kernel panic - not syncing: Attempted to kill init!', 'fatal console.panic a kernel panic'],
    [
      'An unknown error has occurred, look at the /tmp/anaconda-tb* file(s)',
      'fatal console.installer-failed a crash of Anaconda',
    ],
    [
      'anaconda 43.44-1.fc43 exception report',
      'fatal console.installer-failed a crash of Anaconda',
    ],
    [
      'The installation will now terminate.',
      'fatal console.installer-failed an error that ends Anaconda',
    ],
    [
      'The following problem occurred on line 12 of the kickstart file:',
      'fatal console.installer-failed a kickstart with an error',
    ],
    [
      "Please make your choice from above ['q' to quit | 'b' to begin]:",
      'fatal console.installer-failed a question of Anaconda',
    ],
    [
      '│ An installation step failed. You can try to run the failing item │',
      'fatal console.installer-failed a failed step of debian-installer',
    ],
    [
      '│ Failed to retrieve the preconfiguration file │',
      'fatal console.installer-failed a preseed that was not fetched',
    ],
    [
      'An error occurred. Press enter to start a shell',
      'fatal console.installer-failed a crash of the Ubuntu installer',
    ],
    ['No bootable device.', 'fatal console.boot-failed a firmware that finds nothing to boot'],
    [
      'BdsDxe: No bootable option or device was found.',
      'fatal console.boot-failed a firmware that finds nothing to boot',
    ],
    ['Entering rescue mode...', 'fatal console.boot-failed a rescue prompt of GRUB'],
    [
      'dracut-emergency[812]: Generating report; Entering emergency mode. Exit the shell to continue.',
      'fatal console.boot-failed an emergency shell',
    ],
    [
      'You are in rescue mode. After logging in, type "journalctl -xb"',
      'fatal console.boot-failed an emergency shell',
    ],
    [
      'ALERT!  UUID=0d5a does not exist.  Dropping to a shell!',
      'fatal console.boot-failed a shell of the initramfs',
    ],
    ['[  12.1] Oops: 0002 [#1] PREEMPT SMP', 'warning console.matched an Oops'],
    ['watchdog: BUG: soft lockup - CPU#3 stuck for 23s!', 'warning console.matched a lockup'],
    ['Out of memory: Killed process 911 (dnf)', 'warning console.matched a lack of memory'],
    ['blk_update_request: I/O error, dev sda, sector 2048', 'warning console.matched an I/O error'],
    ['dnf: [Errno 28] No space left on device', 'warning console.matched a full disk'],
    ['Boot failed: not a bootable disk', 'warning console.matched a failed try to boot'],
    ['error: no such partition.', 'warning console.matched a failed try to boot'],
    [
      '[FAILED] Failed to start kojid.service - Koji build daemon.',
      'warning console.matched a unit that failed to start',
    ],
  ])('finds %s', (line, wanted) => {
    expect(found(line)).toEqual([wanted]);
  });

  it.each([
    'Booting from Hard Disk...',
    '[    0.0] Command line: BOOT_IMAGE=/vmlinuz panic=10 oops=panic rd.shell=0',
    'the installer running on /dev/tty1 will perform the autoinstall',
    'press enter to start a shell',
    '[  OK  ] Reached target Emergency Mode preparations.',
    '[  OK  ] Started kojid.service - Koji build daemon.',
    'Unpacking libtext-error-perl (1.0) ...',
    'traps: ld[4] general protection fault ip:7f sp:7f error:0',
    'systemd[1]: Stopped emergency.service - Emergency Shell.',
  ])('finds nothing in %s', (line) => {
    expect(found(line)).toEqual([]);
  });

  it('shows up to five lines before and after, also from what was read before', () => {
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');
    const first = scanConsole(NOTHING_SCANNED, numbered(1, 7), BUILT_IN_PATTERNS);
    const text = `line 8\nKernel panic - not syncing: x\n${numbered(9, 20)}`;
    const { findings, lines } = scanConsole(first.scanned, text, BUILT_IN_PATTERNS);
    expect(findings[0]?.around).toEqual([
      ...[4, 5, 6, 7, 8].map((at) => `line ${at}`),
      'Kernel panic - not syncing: x',
      ...[9, 10, 11, 12, 13].map((at) => `line ${at}`),
    ]);
    expect(lines).toHaveLength(14);
  });

  it('warns once of one thing, and looks no further after something fatal', () => {
    const warning = '[FAILED] Failed to start a\n[FAILED] Failed to start b\n';
    const { findings, scanned } = scanConsole(NOTHING_SCANNED, warning, BUILT_IN_PATTERNS);
    expect(findings.map(({ line }) => line)).toEqual(['[FAILED] Failed to start a']);
    const more = `${warning}Kernel panic - not syncing: a\nKernel panic - not syncing: b\n`;
    const again = scanConsole(scanned, more, BUILT_IN_PATTERNS).findings;
    expect(again.map(({ line }) => line)).toEqual(['Kernel panic - not syncing: a']);
  });

  it('sees a prompt that no line break follows, once nothing comes any more', () => {
    const { scanned, findings } = scanConsole(NOTHING_SCANNED, 'grub rescue> ', BUILT_IN_PATTERNS);
    expect(findings).toEqual([]);
    expect(scanConsole(scanned, '', BUILT_IN_PATTERNS).findings).toMatchObject([
      { line: 'grub rescue>' },
    ]);
    expect(scanConsole(scanned, 'ls\n', BUILT_IN_PATTERNS).findings).toMatchObject([
      { line: 'grub rescue> ls' },
    ]);
  });

  it('is joined by the patterns of the image, which come first', () => {
    const own = sitePattern({ match: '^FAIL: \\S+ not mirrored', severity: 'fatal' });
    const text = 'FAIL: rawhide not mirrored\n';
    expect(scanConsole(NOTHING_SCANNED, text, [own, ...BUILT_IN_PATTERNS]).findings).toMatchObject([
      { pattern: { code: 'console.matched', severity: 'fatal' } },
    ]);
  });
});
