import type { ConsolePattern } from './console-pattern.ts';

type Sketch = readonly [name: string, matches: RegExp];

/*
 * Fatal is only what nothing gets on from by itself. A firmware that fails to boot from one device tries the next, a
 * kernel that had an Oops may well finish the installation: those are warnings. None of them tries more than one repeat.
 */

const PANICS: readonly Sketch[] = [
  // linux kernel/panic.c; Xen prints its own.
  ['a kernel panic', /Kernel panic - not syncing|\(XEN\) Panic on CPU/],
];

const INSTALLER_FAILURES: readonly Sketch[] = [
  // anaconda: exception handling in text mode, and the errors that end it.
  ['a crash of Anaconda', /An unknown error has occurred|anaconda \S+ exception report/],
  [
    'an error that ends Anaconda',
    /The installation will now terminate|Press 'OK' to exit the installer|Press ENTER to exit[.:]/,
  ],
  // pykickstart
  [
    'a kickstart with an error',
    /The following (?:problem occurred on line|error was found while parsing)/,
  ],
  [
    'a question of Anaconda',
    /Please make your choice from above|Command line mode requires all choices/,
  ],
  // debian-installer: main-menu and preseed templates.
  ['a failed step of debian-installer', /[Ii]nstallation step failed/],
  ['a preseed that was not fetched', /Failed to retrieve the preconfiguration file/],
  // subiquity: its server's and its client's words. The first half alone is also said where all is well.
  [
    'a crash of the Ubuntu installer',
    /An error occurred\. Press enter to start a shell|Sorry, there was a problem completing the installation/,
  ],
];

const BOOT_FAILURES: readonly Sketch[] = [
  // SeaBIOS, EDK II
  [
    'a firmware that finds nothing to boot',
    /No bootable device|No bootable option or device was found/,
  ],
  // grub kern/rescue_reader.c
  ['a rescue prompt of GRUB', /^grub rescue>|Entering rescue mode\.\.\./],
  // dracut-emergency, systemd's emergency and rescue shells, sulogin
  [
    'an emergency shell',
    /Entering emergency mode|You are in (?:rescue|emergency) mode|Give root password for maintenance|Press Enter for maintenance/,
  ],
  // initramfs-tools scripts/functions
  ['a shell of the initramfs', /Dropping to a shell!|^\(initramfs\)/],
];

const WARNINGS: readonly Sketch[] = [
  // linux arch/*/kernel, lib/bug.c, kernel/watchdog.c, kernel/hung_task.c, mm/oom_kill.c, block/blk-core.c
  ['an Oops', /Oops(?:: |\[)|kernel BUG at |general protection fault(?! ip:)/],
  ['a lockup', /BUG: (?:soft|hard) lockup|watchdog: BUG|blocked for more than \d+ seconds/],
  ['a lack of memory', /Out of memory: Kill|Killed process \d+|invoked oom-killer/],
  ['an I/O error', /I\/O error, dev |Medium Error|EXT4-fs error|XFS \(\S+\): .*[Cc]orruption/],
  ['a full disk', /No space left on device/],
  // SeaBIOS, EDK II, iPXE, GRUB, dracut
  [
    'a failed try to boot',
    /Boot failed|BdsDxe: failed to (?:load|start)|^error: |http:\/\/ipxe\.org\/[0-9a-f]/,
  ],
  ['a timeout of dracut', /dracut-initqueue.*(?:timeout|Could not boot|does not exist)/],
  // systemd's status output
  ['a unit that failed to start', /Failed to start /],
];

const PATTERNS = {
  'console.panic': PANICS,
  'console.installer-failed': INSTALLER_FAILURES,
  'console.boot-failed': BOOT_FAILURES,
} as const;

/** What is looked for on every console. A line is the first one that it matches. */
export const BUILT_IN_PATTERNS: readonly ConsolePattern[] = [
  ...Object.entries(PATTERNS).flatMap(([code, sketches]) =>
    sketches.map(([name, matches]) => ({ name, severity: 'fatal' as const, code, matches })),
  ),
  ...WARNINGS.map(([name, matches]) => ({
    name,
    severity: 'warning' as const,
    code: 'console.matched',
    matches,
  })),
];
