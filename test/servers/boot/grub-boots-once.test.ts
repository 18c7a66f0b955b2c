import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryId, formatGrubEntry } from '../../../src/adapters/infra/boot/grub-entry.ts';
import { kernelArguments } from '../../../src/adapters/infra/boot/kernel-arguments.ts';
import { GRUB_CFG } from '../../adapters/infra/boot/boot-fixture.ts';
import { HOST, INSTALLER, OP } from '../../adapters/infra/boot/example-image.ts';

const UUID = '11111111-2222-4333-8444-555555555555';
/** The emulator has neither command, so these say what they were given. */
const STAND_INS = `function linux { echo "LINUX $root $1 $5"; }
function initrd { echo "INITRD $1"; exit; }
`;
const BOOTED = 'LINUX hd0 /signalbox/linux ds=nocloud-net;s=http://10.0.0.5/b/1/';

/** GRUB itself, as grub-emu: it reads grub.cfg and our entry, and writes its environment block in place. */
describe('GRUB with an armed entry', () => {
  let root: string;
  let block: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-emu-'));
    const folder = join(root, 'boot/grub');
    mkdirSync(folder, { recursive: true });
    block = join(folder, 'grubenv');
    writeFileSync(join(folder, 'grub.cfg'), `load_env\n${STAND_INS}${GRUB_CFG}`);
    writeFileSync(join(folder, 'custom.cfg'), entry());
    execFileSync('grub-editenv', [block, 'create']);
    execFileSync('grub-editenv', [block, 'set', 'saved_entry=disk', `next_entry=${entryId(OP)}`]);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** What it says until it ends, or stands still at its menu. */
  function start(device: string, folder: string): string {
    const map = join(root, 'device.map');
    writeFileSync(map, `(hd0) ${join(root, 'disk.img')}\n`);
    const line = `grub-emu -m ${map} -r ${device} -d ${folder}`;
    // It draws on a terminal, which script(1) gives it.
    const options = {
      encoding: 'utf8',
      timeout: 8_000,
      env: { ...process.env, TERM: 'dumb' },
    } as const;
    return spawnSync('script', ['-qc', line, '/dev/null'], options).stdout;
  }

  it('boots the installer once, with its arguments whole, and then the disk', () => {
    const make = ['-q', '-F', '-t', 'ext2', '-U', UUID, '-d', root, join(root, 'disk.img'), '8M'];
    execFileSync('mke2fs', make);
    expect(start('hd0', '/boot/grub')).toContain(BOOTED);
    const second = start('hd0', '/boot/grub');
    expect(second).toContain('FROM DISK');
    expect(second).not.toContain('LINUX');
  });

  it('boots nothing when it is the default for any other reason', () => {
    // A grub.cfg that reads custom.cfg first, which `check` refuses, and a block in which no entry is saved.
    execFileSync('grub-editenv', [block, 'unset', 'saved_entry', 'next_entry']);
    const config = `load_env\n${STAND_INS}set timeout=0\nsource \${config_directory}/custom.cfg\n`;
    writeFileSync(join(root, 'boot/grub/grub.cfg'), config);
    const said = start('host', join(root, 'boot/grub'));
    expect(said).toContain('this is not the one-time entry, so op-7k2m is not started');
    expect(said).not.toContain('LINUX');
  });

  it('boots nothing where the block cannot be written, and says so', () => {
    // On a filesystem of the machine it runs on, the emulator finds no blocks to write to.
    const said = start('host', join(root, 'boot/grub'));
    expect(said).toContain('the one-time entry was not cleared, so op-7k2m is not started');
    expect(said).not.toContain('LINUX');
    expect(execFileSync('grub-editenv', [block, 'list'], { encoding: 'utf8' })).toContain(
      `next_entry=${entryId(OP)}\n`,
    );
  });
});

function entry(): string {
  const image = { ...INSTALLER, kind: 'autoinstall', repository: 'http://x/a.iso' } as const;
  return formatGrubEntry({
    op: OP,
    epoch: 1,
    uuid: UUID,
    kernel: '/signalbox/linux',
    initrd: '/signalbox/initrd',
    arguments: kernelArguments(HOST, image, 'http://10.0.0.5/b/1/'),
  });
}
