import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GuestDefinition } from '../../../src/jobs/ports/hypervisor.ts';
import { GUEST, installation, OP } from '../../adapters/infra/libvirt/example-guest.ts';
import { startVirtHost, type VirtHost } from '../guest-host/start-virt-host.ts';
import { type LibvirtSite, libvirtSite } from './libvirt-site.ts';

const { signal } = new AbortController();
/** Every program with which the scripts change something. */
const PROGRAMS = [
  'mkdir',
  'mv',
  'ln',
  'cp',
  'rm',
  'chmod',
  'chown',
  'qemu-img',
  'genisoimage',
  'virsh',
];

describe('what acts on a guest of libvirt', () => {
  let host: VirtHost;
  let site: LibvirtSite;
  let saved: GuestDefinition;
  beforeAll(async () => {
    host = await startVirtHost();
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    site = libvirtSite(host);
    site.defineGuest();
    saved = await site.hypervisor.definition(GUEST, signal);
  });
  afterEach(() => {
    mortalPrograms('never');
    return site.close();
  });

  const act = {
    undefine: () => site.hypervisor.undefine(GUEST, installation(), signal),
    freshDisks: () => site.hypervisor.freshDisks(GUEST, saved, installation(), signal),
    define: () => site.hypervisor.define(GUEST, saved, installation(), signal),
    discardOld: () => site.hypervisor.discardOld(GUEST, installation(), signal),
  };
  const inode = (path: string) => (existsSync(path) ? statSync(path).ino : undefined);
  const keptRoot = () => `${site.root}.${OP}`;

  /** The script that calls the `nth` of these programs is killed with it, before the program does anything. */
  function mortalPrograms(nth: number | 'never'): void {
    for (const name of readdirSync(host.programs)) rmSync(join(host.programs, name));
    if (nth === 'never') return;
    const count = join(host.home, 'calls');
    writeFileSync(count, '');
    chmodSync(count, 0o666);
    // Each act runs in a process group of its own, that of the \`timeout\` that limits it.
    const script = (name: string) => `#!/bin/sh
if head -c 40 /proc/$PPID/cmdline | grep -qaE 'signalbox: (undefine|fresh|define|discard)'; then
  echo ${name} >>${count}
  [ "$(wc -l <${count})" -ne ${nth} ] || kill -9 0
fi
exec /usr/bin/${name} "$@"
`;
    for (const name of PROGRAMS) {
      const file = join(host.programs, name);
      writeFileSync(file, script(name));
      chmodSync(file, 0o755);
    }
  }

  /**
   * Cuts an act off at each of its programs in turn, until it comes to its end, and looks after each time. How often it was
   * cut off.
   */
  async function cutOffEverywhere(
    name: keyof typeof act,
    look: () => Promise<void> | void,
  ): Promise<number> {
    for (let nth = 1; ; nth += 1) {
      mortalPrograms(nth);
      const end = await act[name]().then(
        () => 'done',
        (error: { effect: string }) => error.effect,
      );
      await look();
      if (end === 'done') return nth - 1;
      expect(end).toBe('unknown');
    }
  }

  it('may be cut off anywhere while disks are made, without a moment without a root disk', async () => {
    await act.undefine();
    const [old, persistent] = [inode(site.root), inode(site.kept)];
    const seed = `${keptRoot()}.seed.iso`;
    const cuts = await cutOffEverywhere('freshDisks', async () => {
      expect(inode(site.root)).toBeDefined();
      expect([inode(site.root), inode(keptRoot())]).toContain(old);
      mortalPrograms('never');
      await act.freshDisks();
      expect(inode(keptRoot())).toBe(old);
      expect(inode(site.root)).not.toBe(old);
      expect(inode(site.kept)).toBe(persistent);
      expect(host.run('qemu-img', 'check', site.root)).toContain('No errors');
      const files = readdirSync(site.disks).map((name) => join(site.disks, name));
      expect(files.sort()).toEqual([site.kept, site.root, keptRoot(), seed].sort());
      // As before the first of them, for the next one.
      renameSync(keptRoot(), site.root);
      rmSync(join(site.state, GUEST, OP), { recursive: true });
      rmSync(seed);
    });
    expect(cuts).toBeGreaterThan(15);
  });

  it('may be cut off anywhere while a guest is undefined, defined, and its old disk discarded', async () => {
    const old = inode(site.root);
    const undefineCuts = await cutOffEverywhere('undefine', () => {
      expect(inode(site.root)).toBe(old);
    });
    mortalPrograms('never');
    await act.freshDisks();
    const fresh = inode(site.root);
    const defineCuts = await cutOffEverywhere('define', () => {
      expect(inode(site.root)).toBe(fresh);
      expect(inode(keptRoot())).toBe(old);
    });
    expect(await site.hypervisor.builtFor(GUEST, signal)).toBe(OP);
    const discardCuts = await cutOffEverywhere('discardOld', () => {
      expect(inode(site.root)).toBe(fresh);
    });
    expect(Math.min(undefineCuts, defineCuts, discardCuts)).toBeGreaterThan(3);
    expect(readdirSync(site.disks)).toHaveLength(2);
    expect(site.virsh('domstate', GUEST).trim()).toBe('shut off');
  });

  it('waits for what acts already, and does nothing if a successor was there meanwhile', async () => {
    site.virsh('start', GUEST);
    const folder = join(site.state, GUEST);
    host.run('mkdir', '-m', '0777', folder);
    const lock = join(folder, 'lock');
    host.run('touch', lock);
    const holder = spawn('flock', [lock, 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
    holder.stdin.write('held\n');
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const late = act.undefine();
    const refused = expect(late).rejects.toMatchObject({
      code: 'ssh.claim-superseded',
      effect: 'none',
      message: expect.stringContaining('epoch 2 has been there and this is epoch 1'),
    });
    const claims = join(site.home, 'claims');
    const isClaimed = () =>
      existsSync(claims) && readdirSync(claims).some((name) => name.includes('.guest.1.undefine'));
    await expect.poll(isClaimed).toBe(true);
    // As a successor would have left it, which was first to get the lock.
    host.run('sh', '-c', 'echo 2 >"$1"', 'sh', join(folder, `${OP}.epoch`));
    holder.stdin.end();
    await refused;
    expect(await site.hypervisor.state(GUEST, signal)).toBe('running');
  });

  it('is done by its successor when the connection was lost in the middle of it', async () => {
    site.configure({ 'shutdown-seconds': 5 });
    site.virsh('start', GUEST);
    const cut = act.undefine();
    const ended = cut.then(
      () => 'done',
      (error: { effect: string }) => error.effect,
    );
    const claims = join(site.home, 'claims');
    const isClaimed = () =>
      existsSync(claims) && readdirSync(claims).some((name) => name.includes('.guest.1.undefine'));
    await expect.poll(isClaimed).toBe(true);
    host.cutSessions();
    // A look that found its connection cut may have been made anew, and then it saw the end.
    expect(['done', 'unknown']).toContain(await ended);
    await site.hypervisor.undefine(GUEST, installation({ epoch: 2 }), signal);
    expect(await site.hypervisor.state(GUEST, signal)).toBe('absent');
    await expect(act.freshDisks()).rejects.toMatchObject({ code: 'ssh.claim-superseded' });
  });
});
