import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { SiteProcess } from '../program/start-process.ts';
import { PATIENCE_MS, type ReimageSite, startReimageSite } from './reimage-site.ts';
import type { TinyImage } from './tiny-images.ts';
import type { VirtGuest } from './virt-guest.ts';

const HOST = HostName.parse('builder-01');
/** How much of three quarters of an hour it waits for an installation. */
const FIFTEEN_SECONDS = 180;
const THIRTY_SECONDS = 90;
const NO_WAY_BACK = 'no way back after step 4 (reinstall)';
const BEING_REINSTALLED = `${HOST} is being reinstalled and stays disabled in the build system`;

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

  /** Gives what the channel hears of it, in lines. */
  async function fails(
    image: TinyImage,
    timeScale?: number,
  ): Promise<{ ref: OpRef; said: readonly string[] }> {
    worker = await site.startWorker(timeScale === undefined ? {} : { timeScale });
    const ref = await site.reimage(guest, image);
    const told = await site.channel.hears(new RegExp(`${ref.op} \\d/8 FAILED`), PATIENCE_MS);
    expect(told.lines.at(-1)).toContain(`🔁 !retry ${ref.op}  ⏸️ !hold ${ref.op} · ${NO_WAY_BACK}`);
    return { ref, said: told.lines };
  }

  /** Out of service, and whatever it was before can be found again. */
  function isLeftBehind({ op }: OpRef): void {
    expect(site.farm.state.host(HOST)).toMatchObject({
      enabled: false,
      comment: `reimage, ${op}, ana`,
    });
    expect(site.farm.counts()).toEqual({ disableHost: 1, editHost: 1 });
    expect(guest.files()).toContain(`${HOST}.qcow2.${op}`);
  }

  /** Otherwise nobody could ask for it again. */
  async function isGivenUp({ op }: OpRef, left = BEING_REINSTALLED): Promise<void> {
    await site.channel.say('ana', `!cancel ${op}`);
    const { lines } = await site.channel.hears(new RegExp(`${op} ABANDONED`));
    expect(lines[0]).toContain(left);
  }

  it('because its installation fails: nobody reports, and it is not trusted', async () => {
    const { ref, said } = await fails('tiny-failing', FIFTEEN_SECONDS);
    expect(said[0]).toBe(
      `${ref.op} 5/8 FAILED await-ssh: waited too long: waiting for the installer of ${HOST} to report · ${BEING_REINSTALLED}`,
    );
    expect(guest.console()).toContain('seed: user-data ended with 1');
    expect(await site.hostKeys.expected(HOST)).toBeUndefined();
    isLeftBehind(ref);
    await isGivenUp(ref);
  });

  it('because it never comes up after its installation', async () => {
    // It still shows the key that nobody has reported.
    const { ref, said } = await fails('tiny-down', THIRTY_SECONDS);
    expect(said[0]).toBe(
      `${ref.op} 5/8 FAILED await-ssh: waited too long: ${HOST} is installed, waiting for SSH · ${BEING_REINSTALLED}`,
    );
    expect(guest.state()).toBe('shut off');
    isLeftBehind(ref);
    await isGivenUp(ref);
  });

  it('because it comes up with the mark of an installation before', async () => {
    const { ref, said } = await fails('tiny-old');
    expect(said[0]).toBe(
      `${ref.op} 5/8 FAILED await-ssh: ${HOST} cannot prove that it was reinstalled: its mark carries another nonce · ${BEING_REINSTALLED}`,
    );
    expect(said[1]).toContain(`Do not put ${HOST} back into service.`);
    isLeftBehind(ref);
    await isGivenUp(ref);
  });

  it('because it shows another host key than its installer reported: it is told nothing', async () => {
    const { ref, said } = await fails('tiny-strange');
    expect(said[0]).toMatch(
      new RegExp(`^${ref.op} 5/8 FAILED await-ssh: Host key of ${HOST} refused: `),
    );
    const shown = guest.run('cat /etc/ssh/ssh_host_ed25519_key.pub').trim();
    expect(await site.hostKeys.expected(HOST)).not.toBe(shown);
    // Not even a look: the connection ended before a login.
    expect(guest.run('cat /etc/motd 2>&1; true')).toContain('No such file');
    isLeftBehind(ref);
    await isGivenUp(ref);
  });
});
