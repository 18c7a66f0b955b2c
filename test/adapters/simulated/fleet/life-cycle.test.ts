import { describe, expect, it } from 'vitest';
import { GUEST, IMAGE, installation, lab, METAL, MINUTE, OP, signal } from './small-fleet.ts';

const ORDERS = [
  ['metal', METAL, 6],
  ['virtual', GUEST, 3],
] as const;

describe('a restart', () => {
  it('takes the host down, then up again with another boot id and the same system', async () => {
    const { clock, fleet, ports } = lab();
    const before = { ...fleet.host(METAL) };
    await ports.witness.restart(METAL, signal);
    expect(await ports.witness.bootId(METAL, signal)).toBe(before.bootId);
    clock.advance(20_000);
    expect(await ports.witness.bootId(METAL, signal)).toBeUndefined();
    clock.advance(MINUTE);
    const after = await ports.witness.bootId(METAL, signal);
    expect(after).toMatch(/^[0-9a-f-]{36}$/);
    expect(after).not.toBe(before.bootId);
    expect(fleet.host(METAL).system).toBe(before.system);
  });

  it('does not reinstall a host that nobody armed', async () => {
    const { clock, fleet, ports } = lab();
    await ports.reports.open(METAL, installation(), signal);
    await ports.witness.restart(METAL, signal);
    clock.advance(10 * MINUTE);
    expect(fleet.count({ kind: 'install' })).toBe(0);
    expect(fleet.host(METAL).state).toBe('running');
  });

  it('happens once for a host that is going down already', async () => {
    const { fleet, ports } = lab();
    await ports.witness.restart(METAL, signal);
    await ports.witness.restart(METAL, signal);
    expect(fleet.count({ host: METAL, kind: 'restart' })).toBe(1);
  });

  it('kills the builds that run there, and says so; kojid frees them when it is back', async () => {
    const { clock, fleet } = lab();
    fleet.powerCycle('builder-07');
    expect(fleet.count({ host: 'builder-07', kind: 'build-killed' })).toBe(2);
    expect(fleet.world().tasks.get(4101)?.state).toBe('open');
    clock.advance(2 * MINUTE);
    expect(fleet.world().tasks.get(4101)).toMatchObject({ state: 'free', host: undefined });
  });

  it('leaves builds with a builder whose kojid stays away while it is disabled', async () => {
    const { clock, fleet } = lab();
    const builder = fleet.world().builders.get('builder-07');
    if (builder === undefined) throw new Error('no builder-07');
    fleet.fail('builder-07', 'koji-offline');
    fleet.powerCycle('builder-07');
    builder.enabled = false;
    clock.advance(60 * MINUTE);
    expect(fleet.world().tasks.get(4101)?.state).toBe('open');
    builder.enabled = true;
    expect(fleet.world().tasks.get(4101)?.state).toBe('free');
  });
});

describe.each(ORDERS)('a reinstallation of a %s host', (kind, host, minutes) => {
  const reinstall = (at: ReturnType<typeof lab>) =>
    kind === 'metal' ? at.reinstallMetal(host) : at.reinstallGuest(host);

  it('gives another key, image, mark and boot id, and a report of them', async () => {
    const at = lab();
    const before = { ...at.fleet.host(host) };
    await reinstall(at);
    at.clock.advance((minutes + 2) * MINUTE);
    const after = at.fleet.host(host);
    const hostKey = after.system.hostKey.publicKey;
    expect(hostKey).not.toBe(before.system.hostKey.publicKey);
    expect(after.bootId).not.toBe(before.bootId);
    await at.trustNewKey(host);
    expect(await at.ports.witness.installed(host, signal)).toEqual({
      image: IMAGE,
      nonce: 'nonce-1',
    });
    const report = await at.ports.reports.reportOf(OP, host, signal);
    expect(report).toEqual({ nonce: 'nonce-1', image: IMAGE, hostKey });
  });

  it('takes its time', async () => {
    const at = lab();
    await reinstall(at);
    at.clock.advance(minutes * MINUTE - 1);
    expect(at.fleet.host(host).state).toBe('installing');
    expect(await at.ports.witness.bootId(host, signal)).toBeUndefined();
    expect(await at.ports.reports.reportOf(OP, host, signal)).toBeUndefined();
  });

  it('leaves a persistent disk as it was, and nothing else', async () => {
    const at = lab();
    const before = at.fleet.host(host).disks.map((disk) => disk.content);
    await at.ports.shell.putFile(host, file('/etc/motd'), signal);
    await reinstall(at);
    at.clock.advance(10 * MINUTE);
    const after = at.fleet.host(host);
    expect(after.disks[0]?.content).not.toBe(before[0]);
    expect(after.disks[1]?.content).toBe(before[1]);
    expect(after.system.files.has('/etc/motd')).toBe(false);
  });

  it('takes the builder out of the build system until kojid is configured, which a restart keeps', async () => {
    const at = lab();
    const { clock, ports } = at;
    await reinstall(at);
    clock.advance(10 * MINUTE);
    await at.trustNewKey(host);
    expect(await ports.farm.builder(host, signal)).toMatchObject({ ready: false });
    const enable = { argv: ['systemctl', 'enable', '--now', 'kojid'], asRoot: true };
    expect(await ports.shell.run(host, enable, signal)).toMatchObject({ code: 1 });
    await ports.shell.putFile(host, file('/etc/kojid/kojid.conf'), signal);
    expect(await ports.shell.run(host, enable, signal)).toMatchObject({ code: 0 });
    await ports.witness.restart(host, signal);
    clock.advance(2 * MINUTE);
    expect(await ports.farm.builder(host, signal)).toMatchObject({ ready: true });
  });

  it('happens as the faults say', async () => {
    const image = await outcome(lab(), 'wrong-image');
    expect(image.report?.image).toBe('f43-builder@1970.01.01');
    const key = await outcome(lab(), 'wrong-key');
    expect(key.report?.hostKey).not.toBe(key.host.system.hostKey.publicKey);
    expect((await outcome(lab(), 'install')).host.state).toBe('dead');
    expect((await outcome(lab(), 'install-hang')).host.state).toBe('installing');
  });

  async function outcome(at: ReturnType<typeof lab>, fault: Parameters<typeof at.fleet.fail>[1]) {
    at.fleet.fail(host, fault);
    await reinstall(at);
    at.clock.advance(30 * MINUTE);
    const report = await at.ports.reports.reportOf(OP, host, signal);
    return { host: at.fleet.host(host), report };
  }
});

describe('the one-shot boot entry', () => {
  it('is used up by the boot that it made', async () => {
    const at = lab();
    await at.reinstallMetal();
    at.clock.advance(10 * MINUTE);
    await at.trustNewKey(METAL);
    await at.ports.witness.restart(METAL, signal);
    at.clock.advance(10 * MINUTE);
    expect(at.fleet.count({ kind: 'install' })).toBe(1);
  });

  it('boots from disk and is used up all the same while the token is closed', async () => {
    const at = lab();
    const { ports } = at;
    const before = at.fleet.host(METAL).system;
    await ports.reports.open(METAL, installation(), signal);
    await ports.installer.arm(METAL, installation(), signal);
    await ports.reports.close(OP, METAL, signal);
    await ports.installer.fire(METAL, signal);
    at.clock.advance(2 * MINUTE);
    expect(at.fleet.host(METAL)).toMatchObject({ state: 'running', armed: undefined });
    expect(at.fleet.host(METAL).system).toBe(before);
  });

  it('fires by a power cycle too, because it is in the bootloader', async () => {
    const at = lab();
    await at.ports.reports.open(METAL, installation(), signal);
    await at.ports.installer.arm(METAL, installation(), signal);
    at.fleet.powerCycle(METAL);
    at.clock.advance(10 * MINUTE);
    expect(at.fleet.count({ kind: 'install', host: METAL })).toBe(1);
  });
});

describe('the clock', () => {
  it('lets everything that was due happen at its own moment, however late one looks', async () => {
    const at = lab();
    const start = at.clock.now();
    await at.reinstallMetal();
    at.clock.advance(24 * 60 * MINUTE);
    at.fleet.world();
    const boot = at.fleet.effects.find(({ kind }) => kind === 'boot');
    expect((boot?.at ?? 0) - start).toBe(20_000 + 6 * MINUTE + MINUTE);
  });

  it('gives the same ids and keys from the same seed', () => {
    const [one, other] = [lab(), lab()].map(({ fleet }) => fleet.host(METAL));
    expect(one?.bootId).toBe(other?.bootId);
    expect(one?.system.hostKey).toEqual(other?.system.hostKey);
  });
});

function file(path: string) {
  return { path, content: 'text\n', mode: '0644', owner: 'root' };
}
