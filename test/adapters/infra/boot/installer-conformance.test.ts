import { extlinuxBoot } from '../../../../src/adapters/infra/boot/extlinux-boot.ts';
import { grubBoot } from '../../../../src/adapters/infra/boot/grub-boot.ts';
import { kexecBoot } from '../../../../src/adapters/infra/boot/kexec-boot.ts';
import type { Installer } from '../../../../src/jobs/ports/installer.ts';
import { installerConformance } from '../../../installer-conformance.ts';
import * as simulated from '../../simulated/fleet/small-fleet.ts';
import { bootOptions, grubHost, kexecHost, uBootHost } from './boot-fixture.ts';
import { HOST, IMAGE } from './example-image.ts';
import type { FakeBootShell } from './fake-boot-shell.ts';

function over(fake: FakeBootShell, installer: Installer) {
  return {
    installer,
    host: HOST,
    image: IMAGE,
    open: async () => {},
    wasRestarted: async () => fake.calls.some(([name]) => name === 'systemctl'),
    close: async () => {},
  };
}

installerConformance('grub over a host in memory', async () => {
  const fake = grubHost();
  return over(fake, grubBoot(bootOptions(fake)));
});

installerConformance('kexec over a host in memory', async () => {
  const fake = kexecHost();
  return over(fake, kexecBoot({ ...bootOptions(fake), run: '/run/signalbox' }));
});

installerConformance('extlinux over a host in memory', async () => {
  const fake = uBootHost();
  return over(fake, extlinuxBoot(bootOptions(fake, { restoresBootEntry: true })));
});

installerConformance('the simulator', async () => {
  const { fleet, ports } = simulated.lab();
  return {
    installer: ports.installer,
    host: simulated.METAL,
    image: simulated.IMAGE,
    open: (installation) => ports.reports.open(simulated.METAL, installation, simulated.signal),
    wasRestarted: async () => fleet.host(simulated.METAL).state !== 'running',
    close: async () => {},
  };
});
