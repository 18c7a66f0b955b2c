import { describe, expect, it } from 'vitest';
import { HostName, OpId } from '../../../../src/domain/ids.ts';
import { BUSY, GUEST, IMAGE, installation, lab, METAL, MINUTE, OP, signal } from './small-fleet.ts';

const OTHER = OpId.parse('op-3333');
const STRANGER = HostName.parse('builder-99');

describe('simulated shell', () => {
  it('gives exit codes as results, and 127 for what it does not know', async () => {
    const { ports } = lab();
    const run = (...argv: string[]) => ports.shell.run(METAL, { argv }, signal);
    expect(await run('true')).toEqual({ code: 0, stdout: '', stderr: '', truncated: false });
    expect(await run('cat', '/etc/hostname')).toMatchObject({ code: 0, stdout: 'builder-08\n' });
    expect(await run('cat', '/nowhere')).toMatchObject({ code: 1 });
    expect(await run('uname', '-m')).toMatchObject({ stdout: 'x86_64\n' });
    expect(await run('rm', '-rf', '/')).toMatchObject({ code: 127 });
  });

  it('says that the effect is unknown when the host goes down under a command', async () => {
    const { ports } = lab();
    await ports.witness.restart(METAL, signal);
    const sleep = { argv: ['sleep', '600'] };
    await expect(ports.shell.run(METAL, sleep, signal)).rejects.toMatchObject({
      code: 'ssh.lost',
      effect: 'unknown',
    });
  });

  it('says that there is none when the host cannot be reached', async () => {
    const { clock, fleet, ports } = lab();
    const run = () => ports.shell.run(METAL, { argv: ['true'] }, signal);
    fleet.fail(METAL, 'ssh-refused');
    await expect(run()).rejects.toMatchObject({ code: 'ssh.unreachable', effect: 'none' });
    await expect(run()).resolves.toMatchObject({ code: 0 });
    await ports.witness.restart(METAL, signal);
    clock.advance(30_000);
    await expect(run()).rejects.toMatchObject({ code: 'ssh.unreachable', effect: 'none' });
  });

  it('stops a command at its limit', async () => {
    const { ports } = lab();
    const command = { argv: ['sleep', '60'], timeoutMs: 5_000 };
    await expect(ports.shell.run(METAL, command, signal)).rejects.toMatchObject({
      code: 'ssh.timeout',
      effect: 'unknown',
    });
  });

  it('refuses the new key of a reinstalled host until it is accepted', async () => {
    const at = lab();
    await at.reinstallMetal();
    at.clock.advance(10 * MINUTE);
    const run = () => at.ports.shell.run(METAL, { argv: ['true'] }, signal);
    await expect(run()).rejects.toMatchObject({ code: 'ssh.host-key-changed', effect: 'none' });
    await at.trustNewKey(METAL);
    await expect(run()).resolves.toMatchObject({ code: 0 });
  });

  it('writes a file once', async () => {
    const { fleet, ports } = lab();
    const file = { path: '/etc/motd', content: 'hello\n', mode: '0600', owner: 'root:root' };
    expect(await ports.shell.putFile(METAL, file, signal)).toBe('written');
    expect(await ports.shell.putFile(METAL, file, signal)).toBe('unchanged');
    expect(await ports.shell.putFile(METAL, { ...file, mode: '0644' }, signal)).toBe('written');
    expect(fleet.count({ kind: 'put-file', host: METAL })).toBe(2);
  });
});

describe('simulated claims', () => {
  const claim = { op: OP, step: 'configure', attempt: 1, part: 'command-1', epoch: 3 };
  const command = { argv: ['hostnamectl', 'set-hostname', 'builder-08'], asRoot: true };

  it('run a command once, however often it is started', async () => {
    const { clock, fleet, ports } = lab();
    const start = () => ports.shell.startClaimed(METAL, claim, command, signal);
    expect(await start()).toEqual({ kind: 'running' });
    expect(await start()).toEqual({ kind: 'running' });
    clock.advance(5_000);
    expect(await start()).toEqual({ kind: 'exited', code: 0, output: '' });
    expect(fleet.count({ kind: 'command', host: METAL })).toBe(1);
  });

  it('are refused to an older epoch', async () => {
    const { ports } = lab();
    await ports.shell.startClaimed(METAL, claim, command, signal);
    const older = { ...claim, part: 'command-2', epoch: 2 };
    await expect(ports.shell.startClaimed(METAL, older, command, signal)).rejects.toMatchObject({
      code: 'ssh.claim-superseded',
      effect: 'none',
    });
    expect(await ports.shell.readClaimed(METAL, { ...claim, epoch: 4 }, signal)).toBeDefined();
  });

  it('are lost when the host is restarted under the command, and absent where there was none', async () => {
    const { clock, ports } = lab();
    expect(await ports.shell.readClaimed(METAL, claim, signal)).toBeUndefined();
    await ports.shell.startClaimed(METAL, claim, { argv: ['sleep', '900'] }, signal);
    await ports.witness.restart(METAL, signal);
    clock.advance(2 * MINUTE);
    expect(await ports.shell.readClaimed(METAL, claim, signal)).toEqual({
      kind: 'lost',
      because: 'the host was restarted',
    });
  });

  it('fail as the fault `configure` says, that many times', async () => {
    const { clock, fleet, ports } = lab();
    fleet.fail(METAL, 'configure');
    await ports.shell.startClaimed(METAL, claim, command, signal);
    clock.advance(5_000);
    expect(await ports.shell.readClaimed(METAL, claim, signal)).toEqual({
      kind: 'exited',
      code: 1,
      output: 'mount /srv/cache: no such device\n',
    });
    const again = { ...claim, attempt: 2 };
    await ports.shell.startClaimed(METAL, again, command, signal);
    clock.advance(5_000);
    expect(await ports.shell.readClaimed(METAL, again, signal)).toMatchObject({ code: 0 });
  });
});

describe('simulated installer', () => {
  it('checks without changing anything', async () => {
    const { fleet, ports } = lab();
    await ports.installer.check(METAL, IMAGE, signal);
    fleet.fail(METAL, 'prepare');
    await expect(ports.installer.check(METAL, IMAGE, signal)).rejects.toMatchObject({
      code: 'installer.image-missing',
      effect: 'none',
    });
    expect(fleet.effects).toEqual([]);
  });

  it('arms once for one operation, and not over another one', async () => {
    const { fleet, ports } = lab();
    expect(await ports.installer.armedFor(METAL, signal)).toBeUndefined();
    for (const _ of ['once', 'twice']) await ports.installer.arm(METAL, installation(), signal);
    expect(await ports.installer.armedFor(METAL, signal)).toBe(OP);
    expect(fleet.count({ kind: 'arm' })).toBe(1);
    const foreign = ports.installer.arm(METAL, installation({ op: OTHER }), signal);
    await expect(foreign).rejects.toMatchObject({ code: 'installer.already-armed' });
    await ports.installer.disarm(METAL, signal);
    expect(await ports.installer.armedFor(METAL, signal)).toBeUndefined();
  });

  it('fires only what is armed', async () => {
    const { fleet, ports } = lab();
    await expect(ports.installer.fire(METAL, signal)).rejects.toMatchObject({
      code: 'installer.not-armed',
      effect: 'none',
    });
    expect(fleet.count({ kind: 'restart' })).toBe(0);
    await expect(ports.installer.arm(GUEST, installation(), signal)).rejects.toMatchObject({
      code: 'installer.not-metal',
    });
  });
});

describe('simulated reports', () => {
  it('keep a report after the token is closed, and take none with a foreign nonce', async () => {
    const at = lab();
    const { reports, installer } = at.ports;
    await at.reinstallMetal();
    at.clock.advance(10 * MINUTE);
    await reports.close(OP, METAL, signal);
    expect(await reports.reportOf(OP, METAL, signal)).toMatchObject({ nonce: 'nonce-1' });
    await at.trustNewKey(METAL);
    await reports.open(METAL, installation({ nonce: 'nonce-2' }), signal);
    await installer.arm(METAL, installation(), signal);
    await installer.fire(METAL, signal);
    at.clock.advance(10 * MINUTE);
    expect(await reports.reportOf(OP, METAL, signal)).toBeUndefined();
    expect(at.fleet.count({ kind: 'install' })).toBe(1);
  });
});

describe('simulated hypervisor', () => {
  it('makes a guest anew, keeps its old root disk until told, and each part is harmless twice', async () => {
    const at = lab();
    const { hypervisor } = at.ports;
    const definition = await hypervisor.definition(GUEST, signal);
    expect(definition.persistentDisks).toEqual(['vdb']);
    for (const _ of ['once', 'twice']) await hypervisor.undefine(GUEST, installation(), signal);
    expect(await hypervisor.state(GUEST, signal)).toBe('absent');
    for (const _ of ['once', 'twice']) {
      await hypervisor.freshDisks(GUEST, definition, installation(), signal);
    }
    for (const _ of ['once', 'twice'])
      await hypervisor.define(GUEST, definition, installation(), signal);
    expect(await hypervisor.builtFor(GUEST, signal)).toBe(OP);
    expect(await hypervisor.state(GUEST, signal)).toBe('off');
    for (const _ of ['once', 'twice']) await hypervisor.start(GUEST, installation(), signal);
    expect(await hypervisor.state(GUEST, signal)).toBe('running');
    expect(at.fleet.host(GUEST).guest.keptRoot).toBeDefined();
    await hypervisor.discardOld(GUEST, installation(), signal);
    expect(at.fleet.host(GUEST).guest.keptRoot).toBeUndefined();
    const kinds = at.fleet.effects.map(({ kind }) => kind);
    expect(kinds).toEqual(['undefine', 'fresh-disks', 'define', 'start', 'discard-old']);
  });

  it('refuses what is not there, what is in use, and everything while it is down', async () => {
    const { fleet, ports } = lab();
    const { hypervisor } = ports;
    const definition = await hypervisor.definition(GUEST, signal);
    await expect(hypervisor.state(METAL, signal)).rejects.toMatchObject({
      code: 'hypervisor.unknown-guest',
    });
    await expect(
      hypervisor.freshDisks(GUEST, definition, installation(), signal),
    ).rejects.toMatchObject({
      code: 'hypervisor.running',
    });
    await hypervisor.undefine(GUEST, installation(), signal);
    await expect(hypervisor.definition(GUEST, signal)).rejects.toMatchObject({ effect: 'none' });
    await expect(hypervisor.start(GUEST, installation(), signal)).rejects.toMatchObject({
      effect: 'none',
    });
    fleet.powerCycle('vhost-01');
    await expect(hypervisor.state(GUEST, signal)).rejects.toMatchObject({
      code: 'hypervisor.unreachable',
    });
  });
});

describe('simulated farm', () => {
  it('disables and enables, and counts a change once', async () => {
    const { fleet, ports } = lab();
    for (const _ of ['once', 'twice']) await ports.farm.disable(METAL, 'drained', signal);
    expect(await ports.farm.builder(METAL, signal)).toMatchObject({
      enabled: false,
      comment: 'drained',
    });
    expect(await ports.farm.outOfService([METAL, BUSY, STRANGER], signal)).toEqual([
      METAL,
      STRANGER,
    ]);
    await ports.farm.enable(METAL, '', signal);
    expect(fleet.count({ kind: 'disable' })).toBe(1);
    expect(fleet.count({ kind: 'enable' })).toBe(1);
  });

  it('finishes tasks when their time has come, and puts others back into the queue', async () => {
    const { clock, ports } = lab();
    const labels = async () => (await ports.farm.tasks(BUSY, signal)).map(({ label }) => label);
    expect(await labels()).toEqual(['buildArch kernel', 'buildArch systemd']);
    clock.advance(7 * MINUTE);
    expect(await labels()).toEqual(['buildArch kernel']);
    for (const _ of ['once', 'twice']) await ports.farm.requeue(4101, signal);
    expect(await labels()).toEqual([]);
    await expect(ports.farm.requeue(1, signal)).rejects.toMatchObject({ effect: 'none' });
  });

  it('sees a builder check in every 15 seconds while its kojid runs', async () => {
    const { clock, fleet, ports } = lab();
    const start = clock.now();
    clock.advance(40_000);
    const since = async () => ((await ports.farm.builder(METAL, signal)).checkedInAt ?? 0) - start;
    expect(await since()).toBe(30_000);
    fleet.fail(METAL, 'koji-offline');
    await ports.witness.restart(METAL, signal);
    clock.advance(10 * MINUTE);
    expect(await since()).toBe(60_000);
    expect(await ports.farm.builder(METAL, signal)).toMatchObject({ ready: false });
  });

  it('has no builder of another name', async () => {
    const { ports } = lab();
    await expect(ports.farm.builder(STRANGER, signal)).rejects.toMatchObject({
      code: 'farm.unknown-builder',
    });
  });
});
