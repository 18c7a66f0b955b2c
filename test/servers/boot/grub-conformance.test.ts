import { HOST, IMAGE } from '../../adapters/infra/boot/example-image.ts';
import { installerConformance } from '../../installer-conformance.ts';
import { grubMachine } from './grub-machine.ts';

installerConformance('grub with OpenSSH and a real environment block', async () => {
  const machine = await grubMachine();
  return {
    installer: machine.installer,
    host: HOST,
    image: IMAGE,
    open: (installation) => machine.open(installation),
    wasRestarted: async () => machine.restarts() !== '',
    close: () => machine.close(),
  };
});
