import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { eventually } from '../program/eventually.ts';
import type { SiteProcess } from '../program/start-process.ts';
import { PATIENCE_MS, type ReimageSite, startReimageSite } from './reimage-site.ts';
import type { TinyImage } from './tiny-images.ts';
import type { VirtGuest } from './virt-guest.ts';

const HOST = HostName.parse('builder-01');
/** To a worker in such a hurry, whatever was waited for was waited for too long. */
const OUT_OF_PATIENCE = 100_000;
const BEING_REINSTALLED = `${HOST} is being reinstalled and stays disabled in the build system`;

describe('a reimage of a guest of libvirt that goes wrong', { timeout: 2 * PATIENCE_MS }, () => {
  let site: ReimageSite;
  let guest: VirtGuest;
  let worker: SiteProcess;
  let ref: OpRef;
  beforeAll(async () => {
    site = await startReimageSite(HOST, 'node-ssh');
    guest = site.guest;
  }, PATIENCE_MS);
  afterAll(() => site?.close());
  beforeEach(async () => {
    site.reset();
    site.farm.state.putHost({ name: HOST, enabled: true, comment: 'slow disk' });
    worker = await site.startWorker();
  });
  afterEach(async () => {
    // Otherwise the next one finds it locked.
    await site.channel.say('ana', `!cancel ${ref.op}`);
    const { lines } = await site.channel.hears(new RegExp(`${ref.op} ABANDONED`));
    expect(lines[0]).toContain(BEING_REINSTALLED);
    await worker.kill();
  });

  async function begin(image: TinyImage): Promise<void> {
    ref = await site.reimage(image);
  }

  async function runOutOfPatience(): Promise<void> {
    await worker.kill();
    worker = await site.startWorker({ timeScale: OUT_OF_PATIENCE });
  }

  /** Gives what the channel hears of it, in lines; nothing but another try or a person's look is offered. */
  async function fails(): Promise<readonly string[]> {
    const { op } = ref;
    const { lines } = await site.channel.hears(new RegExp(`${op} 5/8 FAILED`), PATIENCE_MS);
    const ways = `🔁 !retry ${op}  ⏸️ !hold ${op} · no way back after step 4 (reinstall)`;
    expect(lines.at(-1)).toContain(ways);
    return lines.map((line) => line.replace(`${op} `, ''));
  }

  /** Out of service, and what it was before can be found again. */
  function isLeftBehind(): void {
    const { op } = ref;
    const { enabled, comment } = site.farm.state.host(HOST);
    expect({ enabled, comment }).toEqual({ enabled: false, comment: `reimage, ${op}, ana` });
    expect(site.farm.counts()).toEqual({ disableHost: 1, editHost: 1 });
    expect(guest.files()).toContain(`${HOST}.qcow2.${op}`);
  }

  it('because its installation fails: nobody reports, and no key of it is trusted', async () => {
    await begin('tiny-failing');
    const hasFailed = () => guest.console().includes('seed: user-data ended with 1');
    await eventually(hasFailed, PATIENCE_MS, site.transcript);
    await runOutOfPatience();
    expect((await fails())[0]).toContain(
      `5/8 FAILED await-ssh: waited too long: waiting for the installer of ${HOST} to report · ${BEING_REINSTALLED}`,
    );
    expect(await site.hostKeys.expected(HOST)).toBeUndefined();
    isLeftBehind();
  });

  it('because it never comes up after its installation', async () => {
    // It runs, and still shows the key that nobody has reported.
    await begin('tiny-down');
    const isWaitedFor = new RegExp(`${ref.op} 5/8 ${HOST} is installed, waiting for SSH`);
    await site.channel.hears(isWaitedFor, PATIENCE_MS);
    await eventually(() => guest.state() === 'shut off', PATIENCE_MS);
    await runOutOfPatience();
    expect((await fails())[0]).toContain(
      `5/8 FAILED await-ssh: waited too long: ${HOST} is installed, waiting for SSH · ${BEING_REINSTALLED}`,
    );
    isLeftBehind();
  });

  it('because it comes up with the mark of an installation before', async () => {
    await begin('tiny-old');
    const heard = (await fails()).join(' ');
    expect(heard).toContain(
      `5/8 FAILED await-ssh: ${HOST} cannot prove that it was reinstalled: its mark carries another nonce · ${BEING_REINSTALLED}`,
    );
    expect(heard).toContain(`Do not put ${HOST} back into service.`);
    isLeftBehind();
  });

  it('because it shows another host key than its installer reported: nothing is done there', async () => {
    await begin('tiny-strange');
    expect((await fails())[0]).toContain(`FAILED await-ssh: Host key of ${HOST} refused: `);
    const shown = guest.run('cat /etc/ssh/ssh_host_ed25519_key.pub').trim();
    expect(await site.hostKeys.expected(HOST)).not.toBe(shown);
    expect(guest.run('cat /etc/motd 2>&1; true')).toContain('No such file');
    isLeftBehind();
  });
});
