import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { eventually } from '../program/eventually.ts';
import type { SiteProcess } from '../program/start-process.ts';
import { PATIENCE_MS, type ReimageSite, startReimageSite } from './reimage-site.ts';
import type { TinyImage } from './tiny-images.ts';
import type { VirtGuest } from './virt-guest.ts';

const HOST = HostName.parse('builder-01');

describe('a reimage of a guest of libvirt that goes wrong', { timeout: PATIENCE_MS }, () => {
  let site: ReimageSite;
  let guest: VirtGuest;
  let worker: SiteProcess;
  beforeAll(async () => {
    site = await startReimageSite({ guests: [HOST], shell: 'node-ssh' });
    guest = site.guest(HOST);
  }, PATIENCE_MS);
  afterAll(() => site?.close());
  beforeEach(() => {
    site.reset();
    site.farm.state.putHost({ name: HOST, enabled: true, comment: 'slow disk' });
  });
  afterEach(() => worker.kill());

  async function fails(
    image: TinyImage,
    timeScale?: number,
  ): Promise<{ ref: OpRef; said: string }> {
    worker = await site.startWorker(timeScale === undefined ? {} : { timeScale });
    const ref = await site.reimage(guest, image);
    const told = await site.channel.hears(new RegExp(`${ref.op} \\d/8 FAILED`), PATIENCE_MS);
    console.log(
      told.lines.join('\n'),
      site.farm.state.host(HOST),
      site.acts.counts(),
      guest.files(),
      guest.state(),
      guest.console().slice(-600),
    );
    await site.channel.say('ana', `!cancel ${ref.op}`);
    console.log((await site.channel.hears(new RegExp(`${ref.op} ABANDONED`), 60_000)).lines);
    return { ref, said: told.lines.join('\n') };
  }

  it('as its installation fails: nobody reports', async () => {
    const { ref, said } = await fails('tiny-failing', 180);
    expect(said).toContain('xx');
  });
  it('down', async () => {
    const { ref, said } = await fails('tiny-down', 90);
    expect(said).toContain('xx');
  });
  it('old', async () => {
    const { ref, said } = await fails('tiny-old');
    expect(said).toContain('xx');
  });
  it('strange', async () => {
    const { ref, said } = await fails('tiny-strange');
    expect(said).toContain('xx');
  });
});
