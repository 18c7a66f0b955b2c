import { describe, expect, it } from 'vitest';
import { extlinuxBoot } from '../../../../src/adapters/infra/boot/extlinux-boot.ts';
import { bootOptions, EXTLINUX_CONF, uBootHost } from './boot-fixture.ts';
import { HOST, IMAGE, installation } from './example-image.ts';

const { signal } = new AbortController();
const PREFIX = `${HOST} cannot be installed by a boot entry: `;
const CONF = '/boot/extlinux/extlinux.conf';
const SAVED = `${CONF}.signalbox`;

function made() {
  const fake = uBootHost();
  return { ...fake, installer: extlinuxBoot(bootOptions(fake, { restoresBootEntry: true })) };
}

describe('arming a board that starts by U-Boot', () => {
  it('is refused when nothing would put the old entry back', async () => {
    const installer = extlinuxBoot(bootOptions(uBootHost()));
    const refusal = {
      code: 'installer.not-one-shot',
      effect: 'none',
      message: `${PREFIX}U-Boot clears no entry, and ${IMAGE} does not say that its installer puts the old one back`,
      next: 'Nothing was changed. Let the template put extlinux.conf.signalbox back first of all and set restores-boot-entry, or install it by kexec.',
    };
    await expect(installer.check(HOST, IMAGE, signal)).rejects.toMatchObject(refusal);
    await expect(installer.arm(HOST, installation(), signal)).rejects.toMatchObject(refusal);
  });

  it('keeps the old entry beside its own, tells the installer where, and puts it back', async () => {
    const { installer, files } = made();
    await installer.arm(HOST, installation(), signal);
    expect(files.get(SAVED)).toBe(EXTLINUX_CONF);
    expect(files.get(CONF)).toContain('  kernel /signalbox/op-7k2m/linux\n');
    expect(files.get(CONF)).toContain(
      'signalbox.boot=UUID=0a1b-2c3d:/extlinux/extlinux.conf.signalbox ',
    );
    await installer.disarm(HOST, signal);
    expect([...files]).toEqual([[CONF, EXTLINUX_CONF]]);
  });

  it('keeps the old entry, not its own, when it arms twice', async () => {
    const { installer, files } = made();
    for (const _ of ['once', 'twice']) await installer.arm(HOST, installation(), signal);
    expect(files.get(SAVED)).toBe(EXTLINUX_CONF);
    expect(files.get(CONF)).toContain('  fdtdir /dtb\n');
  });

  it('says so when there is nothing left to put back', async () => {
    const { installer, files } = made();
    await installer.arm(HOST, installation(), signal);
    files.delete(SAVED);
    await expect(installer.disarm(HOST, signal)).rejects.toMatchObject({
      code: 'installer.still-armed',
      effect: 'unknown',
      message: `${PREFIX}${SAVED} is gone, so there is nothing to put back`,
      next: `Do not restart ${HOST} before ${CONF} boots its system again: it would be reinstalled.`,
    });
  });

  it('refuses a host without extlinux.conf', async () => {
    const { installer, files } = made();
    files.clear();
    await expect(installer.check(HOST, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.no-boot-loader',
      message: `${PREFIX}${CONF} is not there, so it does not start by extlinux.conf`,
    });
  });
});
