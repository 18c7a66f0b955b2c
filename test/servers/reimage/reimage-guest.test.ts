import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { toldByJournal } from '../program/told-by-journal.ts';
import { ONCE, PATIENCE_MS, type ReimageSite, startReimageSite } from './reimage-site.ts';
import type { VirtGuest } from './virt-guest.ts';

const HOST = HostName.parse('builder-01');
const EIGHT = [
  '1/8 disable builder-01',
  '2/8 drain builder-01',
  '3/8 prepare tiny@2026.11.18',
  '4/8 reinstall builder-01, keeping vdb',
  '5/8 wait for builder-01',
  '6/8 configure builder-01',
  '7/8 restart builder-01 and prove tiny@2026.11.18',
  '8/8 put builder-01 back',
];

describe('a reimage of a guest of libvirt, over OpenSSH', { timeout: 2 * PATIENCE_MS }, () => {
  let site: ReimageSite;
  let guest: VirtGuest;
  beforeAll(async () => {
    site = await startReimageSite(HOST, 'openssh');
    guest = site.guest;
    await site.startWorker();
  }, PATIENCE_MS);
  afterAll(() => site?.close());

  async function reimage(): Promise<OpRef> {
    const ref = await site.reimage();
    await site.channel.hears(new RegExp(`${ref.op} DONE in`), PATIENCE_MS);
    return ref;
  }

  const storedKey = () => site.hostKeys.expected(HOST);
  const shownKey = () => guest.run('cat /etc/ssh/ssh_host_ed25519_key.pub').trim();

  it('brings up one that was never installed, each effect once', async () => {
    site.farm.state.putHost({ name: HOST, enabled: false, comment: 'new, ask ana' });
    const ref = await reimage();
    const { disableHost: _, enableHost: __, ...hub } = site.farm.counts();
    expect([site.acts.counts(), hub]).toEqual([ONCE.acts, { editHost: 2 }]);
    expect(new Set(guest.boots()).size).toBe(2);
    expect(await storedKey()).toBe(shownKey());
    // Somebody had disabled it before us.
    const { enabled, comment } = site.farm.state.host(HOST);
    expect({ enabled, comment }).toEqual({ enabled: false, comment: 'new, ask ana' });
    const heard = site.channel.said.filter(({ as }) => as !== 'reply').map(({ key }) => key);
    expect(heard).toEqual(toldByJournal(ref, await site.journal.read(ref)));
  });

  it('gives it a new root disk and a new host key, and leaves the disk that is kept', async () => {
    guest.run('echo old >/root/marker; echo precious >/srv/cache/precious; sync');
    site.farm.state.putHost({ name: HOST, enabled: true, comment: 'slow disk' });
    const oldKey = await storedKey();
    site.reset();
    const from = site.channel.said.length;
    const ref = await reimage();

    const said = site.channel.said.slice(from).map(({ lines }) => lines[0] ?? '');
    const steps = said.map((line) => EIGHT.find((step) => line.startsWith(`${ref.op} ${step}`)));
    expect(steps.filter((step) => step !== undefined)).toEqual(EIGHT);
    expect({ acts: site.acts.counts(), hub: site.farm.counts() }).toEqual(ONCE);
    expect(guest.boots().slice(2)).toHaveLength(2);
    expect(new Set(guest.boots()).size).toBe(4);

    expect(guest.run('cat /srv/cache/precious')).toBe('precious\n');
    expect(guest.run('ls /root/marker 2>&1; true')).toContain('No such file');
    expect(guest.run('cat /etc/motd')).toBe('builder-01 is a builder\n');
    expect(guest.run('cat /srv/cache/configured')).toBe('begun\nbuilder-01\n'.repeat(2));
    expect(guest.run('cat /etc/signalbox/installed.json')).toContain('"tiny@2026.11.18"');
    expect(await storedKey()).toBe(shownKey());
    expect(await storedKey()).not.toBe(oldKey);
    const { enabled, comment } = site.farm.state.host(HOST);
    expect({ enabled, comment }).toEqual({ enabled: true, comment: 'slow disk' });
    // Neither the old disk nor the seed with its nonce.
    expect(guest.files()).toEqual([
      'builder-01-cache.qcow2',
      'builder-01.log',
      'builder-01.qcow2',
      'builder-01.xml',
    ]);
  });
});
