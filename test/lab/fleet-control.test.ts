import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DriverEnvironment } from '../../src/adapters/driver.ts';
import labHypervisor from '../../src/adapters/infra/lab-hypervisor.ts';
import labInstaller from '../../src/adapters/infra/lab-installer.ts';
import labReports from '../../src/adapters/infra/lab-reports.ts';
import { ZoneName } from '../../src/domain/ids.ts';
import { startLabControl } from '../../src/lab/lab-control.ts';
import {
  GUEST,
  IMAGE,
  installation,
  lab,
  METAL,
  MINUTE,
  OP,
  signal,
} from '../adapters/simulated/fleet/small-fleet.ts';

const TOKEN = 'a token of this test';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function control() {
  const at = lab();
  const { url, close } = await startLabControl(at.fleet, { token: TOKEN });
  cleanups.push(close);
  return { ...at, url, close, ...(await drivers(at, url, TOKEN)) };
}

async function drivers({ ports }: ReturnType<typeof lab>, url: string, token: string) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-lab-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'token'), `${token}\n`);
  const config = { control: url, 'token-file': join(folder, 'token') };
  const environment: DriverEnvironment = {
    zone: ZoneName.parse('staging'),
    inventory: ports.inventory,
    hostKeys: ports.hostKeys,
    secrets: ports.secrets,
    shell: () => ports.shell,
  };
  const installer = labInstaller.connect(labInstaller.config.parse(config), environment);
  const reports = labReports.connect(labReports.config.parse(config), environment);
  const hypervisor = labHypervisor.connect(labHypervisor.config.parse(config), environment);
  return { installer, reports, hypervisor };
}

function post(url: string, path: string, args: unknown, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(args) });
}

describe('the lab control endpoint', () => {
  it('refuses whoever has no token or another one, and changes nothing', async () => {
    const { fleet, url } = await control();
    for (const token of [undefined, 'another', '']) {
      const answer = await post(url, '/lab/power-cycle', [METAL], token);
      expect(answer.status).toBe(401);
    }
    expect(fleet.effects).toEqual([]);
    expect((await post(url, '/lab/power-cycle', [METAL], TOKEN)).status).toBe(200);
    expect(fleet.count({ kind: 'power-cycle' })).toBe(1);
  });

  it('sets faults and takes them back', async () => {
    const { installer, url } = await control();
    await post(url, '/lab/fail', [METAL, 'prepare', 1], TOKEN);
    await expect(installer.port.check(METAL, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.image-missing',
      message: `Cannot install ${METAL}: there is no image ${IMAGE}`,
      effect: 'none',
    });
    await post(url, '/lab/fail', [METAL, 'prepare', 1], TOKEN);
    await post(url, '/lab/heal', [METAL], TOKEN);
    await expect(installer.port.check(METAL, IMAGE, signal)).resolves.toBeUndefined();
  });

  it('refuses a call that it has not, and arguments that are wrong', async () => {
    const { url } = await control();
    expect((await post(url, '/lab/explode', [], TOKEN)).status).toBe(404);
    const answer = await post(url, '/lab/fail', [METAL, 'explode', 1], TOKEN);
    expect(await answer.json()).toMatchObject({
      failure: { code: 'lab.bad-arguments', effect: 'none' },
    });
  });
});

describe('the lab drivers', () => {
  it('reinstall metal by a boot entry and read the report', async () => {
    const { clock, fleet, installer, reports } = await control();
    await reports.port.open(METAL, installation(), signal);
    expect(await installer.port.armedFor(METAL, signal)).toBeUndefined();
    await installer.port.arm(METAL, installation(), signal);
    expect(await installer.port.armedFor(METAL, signal)).toBe(OP);
    await installer.port.fire(METAL, signal);
    expect(await reports.port.reportOf(OP, METAL, signal)).toBeUndefined();
    clock.advance(10 * MINUTE);
    expect(await reports.port.reportOf(OP, METAL, signal)).toEqual({
      nonce: 'nonce-1',
      image: IMAGE,
      hostKey: fleet.host(METAL).system.hostKey.publicKey,
    });
    await reports.port.close(OP, METAL, signal);
    expect(fleet.count({ kind: 'close-token' })).toBe(1);
  });

  it('make a guest anew', async () => {
    const { clock, fleet, hypervisor } = await control();
    const { port } = hypervisor;
    const definition = await port.definition(GUEST, signal);
    await port.undefine(GUEST, installation(), signal);
    expect(await port.state(GUEST, signal)).toBe('absent');
    expect(await port.builtFor(GUEST, signal)).toBeUndefined();
    await port.freshDisks(GUEST, definition, installation(), signal);
    await port.define(GUEST, definition, installation(), signal);
    await port.start(GUEST, installation(), signal);
    expect(await port.builtFor(GUEST, signal)).toBe(OP);
    clock.advance(10 * MINUTE);
    await port.discardOld(GUEST, installation(), signal);
    expect(fleet.host(GUEST).system.image).toBe(IMAGE);
  });

  it('pass failures of the lab on as they are', async () => {
    const { installer } = await control();
    await expect(installer.port.fire(METAL, signal)).rejects.toMatchObject({
      name: 'Failure',
      code: 'installer.not-armed',
      effect: 'none',
    });
  });

  it('know no effect where nothing listens, and name the lab where something does', async () => {
    const { close, installer, url } = await control();
    expect(await installer.check(signal)).toBe(`lab at ${new URL(url).host}`);
    await close();
    cleanups.splice(0, 1);
    await expect(installer.port.fire(METAL, signal)).rejects.toMatchObject({
      code: 'lab.no-answer',
      effect: 'none',
    });
  });

  it('do not know the effect of a change whose answer is lost, and a lost read has none', async () => {
    const silent = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => silent.close(resolve)));
    const { port } = silent.address() as { port: number };
    const { installer } = await drivers(lab(), `http://127.0.0.1:${port}`, TOKEN);
    await expect(installer.port.fire(METAL, signal)).rejects.toMatchObject({ effect: 'unknown' });
    await expect(installer.port.armedFor(METAL, signal)).rejects.toMatchObject({ effect: 'none' });
  });

  it('refuse a token that is not the lab’s, and an address that is not on this machine', async () => {
    const { url } = await control();
    const { installer } = await drivers(lab(), url, 'another');
    await expect(installer.port.fire(METAL, signal)).rejects.toMatchObject({
      code: 'lab.refused',
      effect: 'none',
    });
    const elsewhere = { control: 'http://lab.example.org:80' };
    expect(labInstaller.config.safeParse(elsewhere).success).toBe(false);
  });
});
