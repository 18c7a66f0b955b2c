import { describe, expect, it } from 'vitest';
import { kexecBoot } from '../../../../src/adapters/infra/boot/kexec-boot.ts';
import { installToken } from '../../../../src/adapters/infra/install-server/install-token.ts';
import { bootOptions, kexecHost, SERVER } from './boot-fixture.ts';
import { HOST, IMAGE, installation } from './example-image.ts';
import type { FakeBootShell } from './fake-boot-shell.ts';

const { signal } = new AbortController();
const PREFIX = `${HOST} cannot be installed by a boot entry: `;

function made(change: (fake: FakeBootShell) => void = () => {}) {
  const fake = kexecHost();
  change(fake);
  return { ...fake, installer: kexecBoot({ ...bootOptions(fake), run: '/run/signalbox' }) };
}

const loadCalls = (calls: FakeBootShell['calls']) =>
  calls.filter(([name, ...args]) => name === 'kexec' && args.includes('-l'));

describe('arming a host by kexec', () => {
  it('loads kernel, initrd and arguments as one word each', async () => {
    const { installer, calls } = made();
    await installer.arm(HOST, installation(), signal);
    const folder = `${SERVER}b/${installToken(HOST, installation())}/`;
    expect(loadCalls(calls)).toEqual([
      [
        'kexec',
        '-l',
        '/run/signalbox/op-7k2m/linux',
        '--initrd=/run/signalbox/op-7k2m/initrd',
        `--command-line=inst.ks=${folder}kickstart inst.repo=http://mirror.example.org/f43/os/ ip=dhcp inst.text console=ttyS0,115200`,
      ],
    ]);
  });

  it('has the signature checked where the kernel is locked down', async () => {
    const lockdown = '/sys/kernel/security/lockdown';
    const { installer, calls } = made(({ files }) =>
      files.set(lockdown, 'none [integrity] confidentiality\n'),
    );
    await installer.arm(HOST, installation(), signal);
    expect(loadCalls(calls)[0]?.slice(0, 3)).toEqual(['kexec', '-s', '-l']);
  });

  it('refuses a kernel that somebody else has loaded, and leaves it when disarming', async () => {
    const { installer, files } = made((fake) => fake.files.set('/sys/kernel/kexec_loaded', '1\n'));
    await expect(installer.arm(HOST, installation(), signal)).rejects.toMatchObject({
      code: 'installer.already-armed',
      effect: 'none',
      message: `${PREFIX}somebody else has loaded a kernel for kexec`,
      next: `Nothing was changed. Run \`kexec -u\` on ${HOST} if it may go, then retry.`,
    });
    await installer.disarm(HOST, signal);
    expect(files.get('/sys/kernel/kexec_loaded')).toBe('1\n');
  });

  it('is not armed after a restart, which forgets the loaded kernel', async () => {
    const { installer, files } = made();
    await installer.arm(HOST, installation(), signal);
    files.set('/sys/kernel/kexec_loaded', '0\n');
    expect(await installer.armedFor(HOST, signal)).toBeUndefined();
  });

  it.each([
    ['has no kexec', 'it has no kexec', (fake: FakeBootShell) => fake.programs.delete('kexec')],
    [
      'takes no kernel any more',
      '/proc/sys/kernel/kexec_load_disabled is 1 until its next restart',
      (fake: FakeBootShell) => fake.files.set('/proc/sys/kernel/kexec_load_disabled', '1\n'),
    ],
  ])('refuses a host that %s', async (_, because, change) => {
    await expect(made(change).installer.check(HOST, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.no-kexec',
      effect: 'none',
      message: PREFIX + because,
      next: 'Nothing was changed. Install it by GRUB, or by PXE through its management controller.',
    });
  });
});
