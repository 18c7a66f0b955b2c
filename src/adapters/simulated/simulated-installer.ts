import { Failure } from '../../domain/failure.ts';
import type { Installer } from '../../jobs/ports/installer.ts';
import type { Fleet } from './fleet/fleet.ts';
import { armEntry, disarmEntry } from './fleet/installations.ts';
import { answers, type LabHost } from './fleet/lab-host.ts';
import { restart } from './fleet/life-cycle.ts';
import { record } from './fleet/world.ts';

/** One-shot boot entries in the bootloaders of a fleet, reached through the running host as GRUB's is. */
export function simulatedInstaller(fleet: Fleet): Installer {
  const reach = (name: string, verb: string) => {
    const host = fleet.world().hosts.get(name);
    if (host !== undefined && answers(host)) return host;
    const because = host === undefined ? 'there is no such host' : `it is ${host.state}`;
    throw refused('installer.unreachable', `${verb} ${name}`, because);
  };
  return {
    async check(name, image) {
      const host = reach(name, 'check the installer of');
      if (host.kind !== 'metal') throw notMetal(host);
      if (!fleet.world().faults.strike(name, 'prepare')) return;
      throw refused('installer.image-missing', `install ${name}`, `there is no image ${image}`);
    },
    async arm(name, installation) {
      const host = reach(name, 'arm the installer of');
      if (host.kind !== 'metal') throw notMetal(host);
      refuseForeignEntry(host, installation);
      armEntry(fleet.world(), host, installation);
    },
    async armedFor(name) {
      return reach(name, 'read the boot entry of').armed?.op;
    },
    async disarm(name) {
      disarmEntry(fleet.world(), reach(name, 'disarm the installer of'));
    },
    async fire(name) {
      const host = reach(name, 'restart');
      if (host.state !== 'running')
        throw refused('installer.busy', `restart ${name}`, `it is ${host.state}`);
      if (host.armed === undefined) {
        throw refused('installer.not-armed', `restart ${name} into its installer`, 'none is armed');
      }
      record(fleet.world(), { host: name, kind: 'fire', op: host.armed.op });
      restart(fleet.world(), host);
    },
  };
}

function refuseForeignEntry(
  { name, armed }: LabHost,
  { op, epoch }: { readonly op: string; readonly epoch: number },
): void {
  if (armed === undefined || (armed.op === op && armed.epoch <= epoch)) return;
  const holder = armed.op === op ? `epoch ${armed.epoch} of ${op}` : armed.op;
  throw refused(
    'installer.already-armed',
    `arm the installer of ${name}`,
    `${holder} has armed it`,
  );
}

function notMetal({ name, kind }: LabHost): Failure {
  return refused('installer.not-metal', `install ${name} by a boot entry`, `it is ${kind}`);
}

function refused(code: string, what: string, because: string): Failure {
  const next = 'Nothing was changed. Look at the host, then retry.';
  return new Failure({ code, problem: `Cannot ${what}`, because, effect: 'none', next });
}
