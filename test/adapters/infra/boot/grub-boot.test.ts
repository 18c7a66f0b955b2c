import { describe, expect, it } from 'vitest';
import { grubBoot } from '../../../../src/adapters/infra/boot/grub-boot.ts';
import { installToken } from '../../../../src/adapters/infra/install-server/install-token.ts';
import { ImageId } from '../../../../src/domain/ids.ts';
import { bootOptions, GRUB_CFG, grubHost } from './boot-fixture.ts';
import { GUEST, HOST, IMAGE, installation, NONCE, OP } from './example-image.ts';
import { type FakeBootShell, lost } from './fake-boot-shell.ts';

const { signal } = new AbortController();
const PREFIX = `${HOST} cannot be installed by a boot entry: `;
const OTHER_WAYS =
  'Nothing was changed. Install it by kexec, or by PXE through its management controller.';

function made(change: (fake: FakeBootShell) => void = () => {}) {
  const fake = grubHost();
  change(fake);
  return { ...fake, fake, installer: grubBoot(bootOptions(fake)) };
}

const probing = (answers: Record<string, string>) => (fake: FakeBootShell) =>
  fake.programs.set('grub-probe', ([target = '']) => answers[target] ?? '\n');
const withoutProgram = (name: string) => (fake: FakeBootShell) => fake.programs.delete(name);
const withConfiguration = (text: string) => (fake: FakeBootShell) =>
  fake.files.set('/boot/grub/grub.cfg', text);

describe('checking a host that starts by GRUB', () => {
  it.each([
    ['LVM', 'lvm', '', 'lvm'],
    ['software RAID', 'diskfilter mdraid1x', '', 'diskfilter, mdraid1x'],
    ['an encrypted disk', 'cryptodisk luks', '', 'cryptodisk, luks'],
    ['btrfs', '', 'btrfs', 'btrfs'],
    ['ZFS', '', 'zfs', 'zfs'],
  ])('refuses %s, where it would be reinstalled for ever', async (_, abstraction, fs, where) => {
    const probe = { '--target=abstraction': `${abstraction}\n`, '--target=fs': `${fs}\n` };
    const { installer } = made(probing(probe));
    await expect(installer.check(HOST, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.would-loop',
      effect: 'none',
      message: `${PREFIX}/boot/grub is on ${where}, where GRUB cannot clear a one-time entry: the host would be reinstalled at every start`,
      next: OTHER_WAYS,
    });
  });

  it.each([
    [
      'has no one-time entries',
      withConfiguration('set default=0\n'),
      'installer.not-one-shot',
      '/boot/grub/grub.cfg does not take a one-time entry and clear it',
      `Nothing was changed. Set GRUB_DEFAULT=saved in /etc/default/grub on ${HOST} and make /boot/grub/grub.cfg anew, or install it by kexec or PXE.`,
    ],
    [
      'does not read custom.cfg',
      withConfiguration(GRUB_CFG.replace(/source .*/, '')),
      'installer.no-own-entries',
      '/boot/grub/grub.cfg does not read custom.cfg',
      `Nothing was changed. Make /etc/grub.d/41_custom executable on ${HOST} and make /boot/grub/grub.cfg anew, or install it by kexec or PXE.`,
    ],
    [
      'would have our entry as its first',
      withConfiguration(GRUB_CFG.replace('menuentry', 'function')),
      'installer.not-one-shot',
      '/boot/grub/grub.cfg reads custom.cfg before any other entry, so ours would be its first',
      `Nothing was changed. Let /etc/grub.d/41_custom come after the others on ${HOST} and make /boot/grub/grub.cfg anew, or install it by kexec or PXE.`,
    ],
    [
      'has a full boot partition',
      (fake: FakeBootShell) =>
        fake.programs.set('df', () => 'Filesystem\n/dev/sda1 500000 480000 20480 96% /boot\n'),
      'installer.no-space',
      '/boot has 20 MB free and an installer needs 256 MB',
      `Nothing was changed. Remove old kernels from /boot on ${HOST}, or install it by kexec or PXE.`,
    ],
    [
      'has no curl',
      withoutProgram('curl'),
      'installer.no-curl',
      'it has no curl to fetch kernel and initrd with',
      `Nothing was changed. Install curl on ${HOST}, or install it by PXE.`,
    ],
    [
      'does not start by GRUB',
      (fake: FakeBootShell) => fake.files.clear(),
      'installer.no-boot-loader',
      'neither /boot/grub2/grub.cfg nor /boot/grub/grub.cfg is there, so it does not start by GRUB',
      'Nothing was changed. Install it by another driver: kexec, extlinux, or PXE through its management controller.',
    ],
  ])('refuses one that %s', async (_, change, code, because, next) => {
    const { installer } = made(change);
    await expect(installer.check(HOST, IMAGE, signal)).rejects.toMatchObject({
      code,
      effect: 'none',
      message: `${PREFIX}${because}`,
      next,
    });
  });

  it('refuses a guest', async () => {
    await expect(made().installer.check(GUEST, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.not-metal',
      message: `${GUEST} cannot be installed by a boot entry: it is virtual`,
    });
  });

  it('refuses an image that nobody knows', async () => {
    const unknown = ImageId.parse('f99@1');
    await expect(made().installer.check(HOST, unknown, signal)).rejects.toMatchObject({
      code: 'installer.image-missing',
      message: `${PREFIX}there is no image f99@1`,
    });
  });

  it('refuses an image without an installer', async () => {
    const installer = grubBoot(bootOptions(grubHost(), 'no installer'));
    await expect(installer.check(HOST, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.image-missing',
      message: `${PREFIX}image ${IMAGE} has no installer in the inventory`,
      next: 'Nothing was changed. Add kernel, initrd and template under installer of the image, then retry.',
    });
  });

  it('finds the programs of Fedora and SUSE', async () => {
    const { installer, calls } = made(({ files, programs }) => {
      files.set('/boot/grub2/grub.cfg', GRUB_CFG);
      for (const name of ['grub-probe', 'grub-editenv']) {
        const program = programs.get(name);
        if (program) programs.set(name.replace('grub', 'grub2'), program);
        programs.delete(name);
      }
    });
    await installer.check(HOST, IMAGE, signal);
    expect(calls.map(([name]) => name)).toContain('grub2-probe');
  });
});

describe('arming a host that starts by GRUB', () => {
  it('never touches the default, nor what the site has in custom.cfg', async () => {
    const site = "menuentry 'Memory test' {\n}\n";
    const { installer, files } = made((fake) => fake.files.set('/boot/grub/custom.cfg', site));
    await installer.arm(HOST, installation(), signal);
    expect(files.get('/boot/grub/grubenv')).toBe('saved_entry=0\nnext_entry=signalbox-op-7k2m');
    expect(files.get('/boot/grub/custom.cfg')).toContain(site);
    await installer.disarm(HOST, signal);
    expect(files.get('/boot/grub/grubenv')).toBe('saved_entry=0');
    expect(files.get('/boot/grub/custom.cfg')).toBe(site);
  });

  it('leaves nothing of itself once it is disarmed', async () => {
    const { installer, files } = made();
    const before = new Map(files);
    await installer.arm(HOST, installation(), signal);
    expect([...files.keys()]).toContain('/boot/signalbox/op-7k2m/initrd');
    await installer.disarm(HOST, signal);
    expect(files).toEqual(before);
  });

  it('shows neither nonce nor token to those who can see the arguments of commands', async () => {
    const { installer, calls } = made();
    await installer.arm(HOST, installation(), signal);
    const words = calls.flat().join(' ');
    expect(words).not.toContain(NONCE);
    expect(words).not.toContain(installToken(HOST, installation()));
  });

  it('is not armed before everything is there, wherever it is cut off', async () => {
    const whole = made();
    await whole.installer.arm(HOST, installation(), signal);
    const steps = whole.calls.length;
    for (let after = 0; after < steps; after += 1) {
      const { fake, installer, shell } = made();
      const { run } = shell;
      let left = after;
      const cut = {
        ...shell,
        run: (...call: Parameters<typeof run>) => {
          if (left === 0) throw new Error('the worker died');
          left -= 1;
          return run(...call);
        },
      };
      const dying = grubBoot({ ...bootOptions(fake), shell: () => cut });
      await expect(dying.arm(HOST, installation(), signal)).rejects.toThrow('the worker died');
      expect(await installer.armedFor(HOST, signal)).toBeUndefined();
      await installer.arm(HOST, installation({ epoch: 2 }), signal);
      expect(await installer.armedFor(HOST, signal)).toBe(OP);
    }
    expect(steps).toBeGreaterThan(10);
  });

  it('is not armed when the entry that the block names is gone', async () => {
    const { installer, files } = made();
    await installer.arm(HOST, installation(), signal);
    files.delete('/boot/grub/custom.cfg');
    expect(await installer.armedFor(HOST, signal)).toBeUndefined();
  });

  it('refuses a one-time entry that somebody else has set, and leaves it when disarming', async () => {
    const { installer, files } = made((fake) =>
      fake.files.set('/boot/grub/grubenv', 'next_entry=1>2'),
    );
    await expect(installer.arm(HOST, installation(), signal)).rejects.toMatchObject({
      code: 'installer.already-armed',
      effect: 'none',
      message: `${PREFIX}somebody else has set the one-time entry "1>2"`,
      next: `Nothing was changed. Restart ${HOST} or run \`grub-editenv /boot/grub/grubenv unset next_entry\` there, then retry.`,
    });
    await installer.disarm(HOST, signal);
    expect(files.get('/boot/grub/grubenv')).toBe('next_entry=1>2');
  });

  it('refuses a kernel that is not what the inventory says', async () => {
    const { installer, files } = made(({ programs, files: all }) => {
      programs.set('curl', () => {
        all.set('/boot/signalbox/op-7k2m/linux', 'something else');
        return '';
      });
    });
    await expect(installer.arm(HOST, installation(), signal)).rejects.toMatchObject({
      code: 'installer.not-fetched',
      effect: 'none',
      message: `${PREFIX}kernel and initrd could not be fetched into /boot/signalbox/op-7k2m: what came has another SHA-256 than the inventory says`,
    });
    expect([...files.keys()].filter((path) => path.startsWith('/boot/signalbox'))).toEqual([]);
  });

  it('writes back no file that it has not read whole', async () => {
    const { fake, shell, files } = made((all) => all.files.set('/boot/grub/custom.cfg', 'large'));
    const run: typeof shell.run = async (...call) => {
      const result = await shell.run(...call);
      return { ...result, truncated: call[1].argv.at(-1)?.endsWith('custom.cfg') ?? false };
    };
    const installer = grubBoot({ ...bootOptions(fake), shell: () => ({ ...shell, run }) });
    await expect(installer.arm(HOST, installation(), signal)).rejects.toMatchObject({
      code: 'installer.file-too-large',
      message: `${PREFIX}/boot/grub/custom.cfg is larger than any boot loader's file should be`,
    });
    expect(files.get('/boot/grub/custom.cfg')).toBe('large');
  });

  it('says what curl said', async () => {
    const stderr = 'curl: (22) The requested URL returned error: 404';
    const { installer } = made(({ programs }) =>
      programs.set('curl', () => ({ code: 22, stderr: `${stderr}\n` })),
    );
    await expect(installer.arm(HOST, installation(), signal)).rejects.toThrow(stderr);
  });

  it("does not write an entry that GRUB's own parser refuses", async () => {
    const { installer, files } = made(({ programs }) =>
      programs.set('grub-script-check', () => ({ code: 1, stderr: 'error: line 3\n' })),
    );
    await expect(installer.arm(HOST, installation(), signal)).rejects.toMatchObject({
      code: 'installer.bad-entry',
      effect: 'none',
      message: `${PREFIX}grub-script-check does not take /boot/grub/custom.cfg with our entry: error: line 3`,
      next: `Nothing was armed. Look at what else is in /boot/grub/custom.cfg on ${HOST}, then retry.`,
    });
    expect(files.has('/boot/grub/custom.cfg')).toBe(false);
    expect(await installer.armedFor(HOST, signal)).toBeUndefined();
  });

  it('does without that parser where there is none', async () => {
    const { installer } = made(withoutProgram('grub-script-check'));
    await installer.arm(HOST, installation(), signal);
    expect(await installer.armedFor(HOST, signal)).toBe(OP);
  });
});

describe('restarting into the installer', () => {
  async function fired(answer: Parameters<FakeBootShell['programs']['set']>[1]) {
    const { installer } = made(({ programs }) => programs.set('systemctl', answer));
    await installer.arm(HOST, installation(), signal);
    await installer.fire(HOST, signal);
  }

  it('is done when the connection is lost right after', async () => {
    await fired(lost);
  });

  it('is done when the shutdown ends the command', async () => {
    await fired(() => ({ code: 143 }));
  });

  it('says that the host is armed when it was not restarted', async () => {
    const refusing = () => ({ code: 1, stderr: 'Access denied\n' });
    await expect(fired(refusing)).rejects.toMatchObject({
      code: 'installer.restart-refused',
      effect: 'unknown',
      message: `${HOST} was not restarted into its installer: systemctl reboot: Access denied`,
      next: `Look at the console of ${HOST} before any retry: it is armed.`,
    });
  });
});
