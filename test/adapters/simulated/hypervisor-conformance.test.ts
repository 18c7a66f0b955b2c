import { hypervisorConformance } from '../../hypervisor-conformance.ts';
import { GUEST, IMAGE, lab, METAL } from './fleet/small-fleet.ts';

hypervisorConformance('the simulator', async () => {
  const { fleet, ports } = lab();
  const host = () => fleet.host(GUEST);
  return {
    hypervisor: ports.hypervisor,
    guest: GUEST,
    image: IMAGE,
    metal: METAL,
    persistentDisk: async () => JSON.stringify(host().disks.filter((disk) => disk.persistent)),
    rootDisk: async () => host().guest.fresh?.nonce ?? host().system.hostKey.publicKey,
    keptRootDisk: async () => host().guest.keptRoot?.hostKey.publicKey,
    loseImage: async () => fleet.fail(GUEST, 'prepare', 1),
    close: async () => {},
  };
});
