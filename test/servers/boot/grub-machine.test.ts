import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpId } from '../../../src/domain/ids.ts';
import {
  HOST,
  IMAGE,
  INITRD,
  installation,
  KERNEL,
  OP,
} from '../../adapters/infra/boot/example-image.ts';
import { type GrubMachine, grubMachine } from './grub-machine.ts';

const { signal } = new AbortController();
const SITE = "menuentry 'Memory test' {\n  linux16 /memtest\n}\n";

describe('a machine that starts by GRUB', () => {
  let machine: GrubMachine;
  beforeEach(async () => {
    machine = await grubMachine();
    await machine.open(installation());
  });
  afterEach(() => machine.close());

  const arm = () => machine.installer.arm(HOST, installation(), signal);
  const armedFor = () => machine.installer.armedFor(HOST, signal);
  const disarm = () => machine.installer.disarm(HOST, signal);
  const kernels = () => join(machine.root, 'boot/signalbox');

  it('is armed in its environment block, and its default stays', async () => {
    await arm();
    expect(machine.environment()).toBe('saved_entry=fedora\nnext_entry=signalbox-op-7k2m\n');
    expect(await armedFor()).toBe(OP);
    await disarm();
    expect(machine.environment()).toBe('saved_entry=fedora\n');
    expect(await armedFor()).toBeUndefined();
    expect(existsSync(machine.customCfg)).toBe(false);
    expect(existsSync(kernels())).toBe(false);
  });

  it('has fetched kernel and initrd from the install server', async () => {
    await arm();
    expect(readFileSync(join(kernels(), 'op-7k2m/linux'), 'utf8')).toBe(KERNEL);
    expect(readFileSync(join(kernels(), 'op-7k2m/initrd'), 'utf8')).toBe(INITRD);
  });

  it("has an entry that GRUB's own parser takes, beside the site's, for root alone", async () => {
    writeFileSync(machine.customCfg, SITE);
    await arm();
    expect(execFileSync('grub-script-check', [machine.customCfg], { encoding: 'utf8' })).toBe('');
    expect(readFileSync(machine.customCfg, 'utf8').startsWith(SITE)).toBe(true);
    expect(statSync(machine.customCfg).mode & 0o777).toBe(0o600);
    await disarm();
    expect(readFileSync(machine.customCfg, 'utf8')).toBe(SITE);
  });

  it("is not armed where GRUB's own parser does not take the file", async () => {
    writeFileSync(machine.customCfg, 'menuentry {\n');
    await expect(arm()).rejects.toMatchObject({ code: 'installer.bad-entry', effect: 'none' });
    expect(machine.environment()).toBe('saved_entry=fedora\n');
    expect(readFileSync(machine.customCfg, 'utf8')).toBe('menuentry {\n');
  });

  it('is not armed by an arm that was cut off, and can be armed again', async () => {
    // The connection ends while the machine still fetches.
    machine.replaceProgram(
      'curl',
      `case $1 in --version) exit 0 ;; esac\ntouch ${join(machine.root, 'fetching')}\nsleep 20`,
    );
    const arming = expect(arm()).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
    const fetching = () => existsSync(join(machine.root, 'fetching'));
    await expect.poll(fetching).toBe(true);
    machine.cutSessions();
    await arming;
    expect(await armedFor()).toBeUndefined();
    machine.replaceProgram('curl', 'exec /usr/bin/curl "$@"');
    await machine.installer.arm(HOST, installation({ epoch: 2 }), signal);
    expect(await armedFor()).toBe(OP);
  });

  it('is not armed when only the entry was written', async () => {
    machine.replaceProgram(
      'grub-editenv',
      'case $2 in set) kill -9 $PPID ;; *) exec /usr/bin/grub-editenv "$@" ;; esac',
    );
    await expect(arm()).rejects.toThrow();
    expect(existsSync(machine.customCfg)).toBe(true);
    expect(await armedFor()).toBeUndefined();
    await disarm();
    expect(existsSync(machine.customCfg)).toBe(false);
  });

  it('is not armed by a block that names an entry which is gone', async () => {
    machine.setEnvironment('next_entry=signalbox-op-9xyz');
    expect(await armedFor()).toBeUndefined();
    await disarm();
    expect(machine.environment()).toBe('saved_entry=fedora\n');
  });

  it('stays armed for the operation that has armed it', async () => {
    await arm();
    const other = installation({ op: OpId.parse('op-9xyz'), nonce: 'another' });
    await machine.open(other);
    await expect(machine.installer.arm(HOST, other, signal)).rejects.toMatchObject({
      code: 'installer.already-armed',
      effect: 'none',
      message: `${HOST} cannot be installed by a boot entry: op-7k2m has armed it`,
    });
    expect(machine.environment()).toContain('next_entry=signalbox-op-7k2m\n');
  });

  it('keeps a one-time entry that somebody has set by hand', async () => {
    machine.setEnvironment('next_entry=1>2');
    await expect(arm()).rejects.toMatchObject({ code: 'installer.already-armed' });
    await disarm();
    expect(machine.environment()).toContain('next_entry=1>2\n');
  });

  it('is restarted', async () => {
    await arm();
    await machine.installer.fire(HOST, signal);
    expect(machine.restarts()).toBe('reboot\n');
  });

  it('is restarted, also when that ends the connection', async () => {
    await arm();
    machine.replaceProgram('systemctl', `echo "$*" >> ${join(machine.root, 'restarts')}\nsleep 20`);
    const firing = machine.installer.fire(HOST, signal);
    await expect.poll(() => machine.restarts()).toBe('reboot\n');
    machine.cutSessions();
    await firing;
  });
});

describe('a machine whose GRUB could not clear the entry', () => {
  let machine: GrubMachine;
  afterEach(() => machine.close());

  // What grub-probe says of such devices; the program is a stand-in, since a test has no LVM at hand.
  it.each([
    [{ abstraction: 'lvm', fs: 'ext2' }, 'lvm'],
    [{ abstraction: 'diskfilter mdraid1x', fs: 'ext2' }, 'diskfilter, mdraid1x'],
    [{ abstraction: '', fs: 'btrfs' }, 'btrfs'],
    [{ abstraction: '', fs: 'zfs' }, 'zfs'],
  ])('is refused and left alone: %j', async (device, where) => {
    machine = await grubMachine(device);
    const folder = join(machine.root, 'boot/grub');
    const refusal = {
      code: 'installer.would-loop',
      effect: 'none',
      message: `${HOST} cannot be installed by a boot entry: ${folder} is on ${where}, where GRUB cannot clear a one-time entry: the host would be reinstalled at every start`,
      next: 'Nothing was changed. Install it by kexec, or by PXE through its management controller.',
    };
    await expect(machine.installer.check(HOST, IMAGE, signal)).rejects.toMatchObject(refusal);
    await expect(machine.installer.arm(HOST, installation(), signal)).rejects.toMatchObject(
      refusal,
    );
    expect(machine.environment()).toBe('saved_entry=fedora\n');
    expect(existsSync(machine.customCfg)).toBe(false);
  });
});
