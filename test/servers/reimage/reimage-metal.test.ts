import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import { type Device, type GrubHost, grubHost } from '../boot/grub-host.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { type ProgramSite, startProgramSite } from './program-site.ts';

const HOST = HostName.parse('builder-08');
const IMAGE = 'f43-builder@2026.11.18';
const [KERNEL, INITRD] = ['the kernel of an installer\n', 'its initrd\n'];
const TEMPLATE =
  '# {host} gets {image}\n%post\ncurl --data-urlencode nonce={nonce} {report-url}\n%end\n';

describe('a reimage of metal that starts by GRUB', () => {
  let machine: GrubHost | undefined;
  let site: ProgramSite | undefined;
  afterEach(async () => {
    await site?.close();
    await machine?.stop();
  });

  async function start(device?: Device) {
    machine = await grubHost(device);
    site = await metalSite(machine);
    site.farm.state.putHost({ name: HOST, comment: 'loud fan' });
    await site.startWorker();
    return { machine, site };
  }

  it('goes up to its restart into the installer, which it is given, and which waits to report', async () => {
    const { machine, site } = await start();
    const { op } = await site.reimage(HOST, 'f43-builder');
    await site.channel.hears(
      new RegExp(`${op} 5/8 waiting for the installer of ${HOST} to report`),
      PATIENCE_MS,
    );
    expect(machine.restarts()).toBe('reboot\n');
    expect(machine.environment()).toBe(`saved_entry=fedora\nnext_entry=signalbox-${op}\n`);
    expect(execFileSync('grub-script-check', [machine.customCfg], { encoding: 'utf8' })).toBe('');
    const fetched = (name: string) =>
      readFileSync(join(machine.boot, 'signalbox', op, name), 'utf8');
    expect([fetched('linux'), fetched('initrd')]).toEqual([KERNEL, INITRD]);

    const answers = /inst\.ks=(\S+?)['"]?(?:\s|$)/.exec(
      readFileSync(machine.customCfg, 'utf8'),
    )?.[1];
    const kickstart = await (await fetch(answers ?? '')).text();
    expect(kickstart).toContain(`# ${HOST} gets ${IMAGE}`);
    expect(kickstart).toMatch(/nonce=[0-9a-f]{32} /);
    expect(site.farm.state.host(HOST)).toMatchObject({
      enabled: false,
      comment: `reimage, ${op}, ana`,
    });

    await site.channel.say('ana', `!cancel ${op}`);
    await site.channel.hears(
      new RegExp(`${op} cannot be cancelled any more: there is no way back`),
    );
  });

  it('is refused before anything is armed where GRUB could not clear the entry, and taken back', async () => {
    const { machine, site } = await start({ abstraction: 'lvm', fs: 'ext2' });
    const { op } = await site.reimage(HOST, 'f43-builder');
    const { lines } = await site.channel.hears(
      new RegExp(`${op} 3/8 FAILED prepare: `),
      PATIENCE_MS,
    );
    expect(lines[0]).toContain(
      `${HOST} cannot be installed by a boot entry: ${machine.boot}/grub is on lvm, where GRUB cannot clear a one-time entry: the host would be reinstalled at every start`,
    );
    expect(lines.join(' ')).toContain('Install it by kexec, or by PXE');
    expect(machine.environment()).toBe('saved_entry=fedora\n');
    expect(existsSync(machine.customCfg)).toBe(false);

    await site.channel.say('ana', `!rollback ${op}`);
    await site.channel.hears(new RegExp(`${op} ROLLED BACK`), PATIENCE_MS);
    expect(site.farm.state.host(HOST)).toMatchObject({ enabled: true, comment: 'loud fan' });
    expect(machine.restarts()).toBe('');
  });
});

/** A site with one builder, whose boot partition is where the machine's sshd shows it. */
function metalSite(machine: GrubHost): Promise<ProgramSite> {
  return startProgramSite({
    builders: [HOST],
    installHost: '127.0.0.1',
    witness: {},
    parts: async ({ folder, installPort }) => {
      await mkdir(join(folder, 'f43'));
      const kernel = await bootFile(folder, 'f43/vmlinuz', KERNEL);
      const initrd = await bootFile(folder, 'f43/initrd.img', INITRD);
      await writeFile(join(folder, 'f43.ks'), TEMPLATE);
      const server = `http://127.0.0.1:${installPort}/`;
      const { keyFile, stateDir, boot, hostKey } = machine;
      const installer = { product: 'grub', 'install-server': server, boot, 'boot-free-mb': 1 };
      return {
        inventory: inventoryWith(machine, {
          kind: 'kickstart',
          kernel,
          initrd,
          template: 'f43.ks',
        }),
        drivers: {
          shell: { product: 'node-ssh', 'key-file': keyFile, 'state-dir': stateDir },
          installer,
        },
        known: { [HOST]: hostKey },
      };
    },
  });
}

async function bootFile(folder: string, path: string, content: string) {
  await writeFile(join(folder, path), content);
  return { path, sha256: createHash('sha256').update(content).digest('hex') };
}

function inventoryWith({ ssh }: GrubHost, installer: object) {
  const common = { zone: 'staging', environment: 'staging', architecture: 'x86_64' };
  const builder = {
    kind: 'metal',
    address: '127.0.0.1',
    pool: 'builders',
    image: 'f43-builder',
    ssh,
  };
  return {
    images: {
      'f43-builder': { versions: ['2026.11.18'], architectures: ['x86_64'], installer },
    },
    pools: { builders: { 'max-unavailable': 1 } },
    hosts: { [HOST]: { ...common, ...builder } },
  };
}
