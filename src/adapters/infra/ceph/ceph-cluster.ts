import { isIP, SocketAddress } from 'node:net';
import { Failure } from '../../../domain/failure.ts';
import type { ClientAddress, Storage } from '../../../jobs/ports/storage.ts';
import { askCeph, type CephOptions, unreadable } from './ask-ceph.ts';
import { CephStatus, OsdDump, OsdTree } from './ceph-answers.ts';
import { toHealth } from './to-health.ts';

const DUMP = ['osd', 'dump'];
const BLOCKLIST = ['osd', 'blocklist'];

export function cephCluster(options: CephOptions): Storage {
  const ceph = askCeph(options);
  return {
    async health(signal) {
      const status = await ceph.read(['status'], CephStatus, signal);
      if (!status.mgrmap.available) throw noManager();
      const tree = await ceph.read(['osd', 'tree'], OsdTree, signal);
      const health = toHealth(status, tree, await ceph.read(DUMP, OsdDump, signal));
      if (health !== undefined) return health;
      throw unreadable(['status'], 'its placement groups are not as many as it counts');
    },
    async barred(client, signal) {
      const wanted = `${ipOf(client)}:0/0`;
      const { blocklist } = await ceph.read(DUMP, OsdDump, signal);
      const until = blocklist[wanted];
      if (until === undefined) return { kind: 'open' };
      // As Ceph prints it: no colon in the offset.
      const at = Date.parse(until.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
      if (Number.isNaN(at)) throw unreadable(DUMP, `blocklist: ${wanted} has no time`);
      return { kind: 'barred', until: at };
    },
    async bar(client, forMs, signal) {
      await ceph.act([...BLOCKLIST, 'add', ipOf(client), `${Math.ceil(forMs / 1000)}`], signal);
    },
    async unbar(client, signal) {
      await ceph.act([...BLOCKLIST, 'rm', ipOf(client)], signal);
    },
  };
}

/** As Ceph writes it, in brackets when it is IPv6. A name could mean another host there. */
function ipOf(client: ClientAddress): string {
  const version = isIP(client);
  if (version === 4) return client;
  if (version === 6) return `[${new SocketAddress({ address: client, family: 'ipv6' }).address}]`;
  throw new Failure({
    code: 'storage.not-an-address',
    problem: `"${client}" cannot be barred from the storage`,
    because: 'it is a name, and Ceph knows clients by IP address',
    effect: 'none',
    next: 'Give the host its IP address in the inventory.',
  });
}

function noManager(): Failure {
  return new Failure({
    code: 'storage.no-manager',
    problem: 'nobody knows how the storage is',
    because: 'Ceph has no manager at work, and without one its numbers are old',
    effect: 'none',
    next: 'Start a ceph-mgr, then ask again.',
  });
}
