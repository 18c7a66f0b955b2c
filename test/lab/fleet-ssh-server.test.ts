import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import nodeSsh from '../../src/adapters/infra/node-ssh-shell.ts';
import { fleetInventory } from '../../src/adapters/simulated/fleet/fleet-inventory.ts';
import { hostKeyPair } from '../../src/adapters/simulated/fleet/host-key-pair.ts';
import { simulatedHostKeys } from '../../src/adapters/simulated/simulated-host-keys.ts';
import { HostName, ZoneName } from '../../src/domain/ids.ts';
import { startFleetSshServers } from '../../src/lab/fleet-ssh-server.ts';
import { lab, METAL, MINUTE, OP, signal } from '../adapters/simulated/fleet/small-fleet.ts';
import { connect, exec, forward } from './fleet-ssh-client.ts';

const LOGIN = hostKeyPair(randomBytes(32));
const STRANGER = hostKeyPair(randomBytes(32));
const BEHIND_BASTION = HostName.parse('builder-06');

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function servers() {
  const at = lab();
  const ssh = await startFleetSshServers(at.fleet, { clientKey: LOGIN.publicKey });
  cleanups.push(() => ssh.close());
  const portOf = (host: string) => ssh.ports.get(host) ?? 0;
  const login = async (host: string = METAL, privateKey = LOGIN.privateKey) => {
    const connected = await connect({ port: portOf(host), privateKey });
    cleanups.push(async () => connected.client.end());
    return connected;
  };
  return { ...at, ssh, portOf, login };
}

describe('the SSH server of a simulated host', () => {
  it('runs commands on the model, with quotes as a shell has them and nothing else of a shell', async () => {
    const { login } = await servers();
    const { client } = await login();
    expect(await exec(client, `echo 'two  words' "and \\"more\\"" it\\'s`)).toEqual({
      code: 0,
      stdout: `two  words and "more" it's\n`,
      stderr: '',
    });
    expect(await exec(client, 'rm -rf /')).toMatchObject({ code: 127 });
    for (const line of ['true; true', 'echo $HOME', 'echo `id`', 'cat < /etc/motd', "echo 'open"]) {
      expect(await exec(client, line)).toEqual({
        code: 126,
        stdout: '',
        stderr: 'not simulated\n',
      });
    }
  });

  it('lets in one key only', async () => {
    const { login } = await servers();
    await expect(login(METAL, STRANGER.privateKey)).rejects.toThrow(
      'authentication methods failed',
    );
    await expect(login()).resolves.toBeDefined();
  });

  it('cuts what is open when the host goes down, refuses until it is up, and shows the same key then', async () => {
    const { clock, login, ssh, fleet } = await servers();
    const { client, hostKey } = await login();
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    expect(await exec(client, 'systemctl reboot')).toMatchObject({ code: 0 });
    clock.advance(20_000);
    ssh.cutDead();
    await closed;
    await expect(login()).rejects.toThrow();
    clock.advance(MINUTE);
    expect((await login()).hostKey).toBe(hostKey);
    expect(fleet.count({ host: METAL, kind: 'boot' })).toBe(1);
  });

  it('gives no exit code to a command whose host went down under it', async () => {
    const { login } = await servers();
    const { client } = await login();
    await exec(client, 'systemctl reboot');
    expect((await exec(client, 'sleep 600')).code).toBeUndefined();
  });

  it('shows a new host key after a reinstallation', async () => {
    const at = await servers();
    const { hostKey } = await at.login();
    await at.reinstallMetal();
    at.clock.advance(10 * MINUTE);
    const after = await at.login();
    expect(after.hostKey).not.toBe(hostKey);
    expect(after.hostKey).toBe(at.fleet.host(METAL).system.hostKey.publicKey);
  });

  it('refuses one connection as the fault `ssh-refused` says', async () => {
    const { fleet, login } = await servers();
    fleet.fail(METAL, 'ssh-refused');
    await expect(login()).rejects.toThrow();
    await expect(login()).resolves.toBeDefined();
  });
});

describe('the jump host', () => {
  it('leads to the other hosts of the lab, and nowhere else', async () => {
    const { login, portOf } = await servers();
    const { client } = await login('bastion-01');
    const sock = await forward(client, portOf(METAL));
    const inner = await connect({ port: 0, privateKey: LOGIN.privateKey, sock });
    expect(await exec(inner.client, 'uname -n')).toMatchObject({ stdout: 'builder-08\n' });
    inner.client.end();
    await expect(forward(client, 1)).rejects.toThrow();
    const other = await login();
    await expect(forward(other.client, portOf('bastion-01'))).rejects.toThrow();
  });
});

describe('the real shell driver over the lab', () => {
  it('puts files and runs claims, directly and through the bastion', async () => {
    const at = await servers();
    const shell = await realShell(at);
    for (const host of [METAL, BEHIND_BASTION]) {
      const file = { path: '/etc/motd', content: "it's\n", mode: '0644', owner: 'root' };
      expect(await shell.putFile(host, file, signal)).toBe('written');
      expect(await shell.putFile(host, file, signal)).toBe('unchanged');
      const claim = { op: OP, step: 'configure', attempt: 1, part: 'one', epoch: 2 };
      const command = { argv: ['mount', '/srv/cache'], asRoot: true };
      expect(await shell.startClaimed(host, claim, command, signal)).toEqual({ kind: 'running' });
      at.clock.advance(5_000);
      expect(await shell.readClaimed(host, claim, signal)).toMatchObject({ code: 0 });
      const older = shell.readClaimed(host, { ...claim, epoch: 1 }, signal);
      await expect(older).rejects.toMatchObject({ code: 'ssh.claim-superseded' });
      expect(at.fleet.count({ host, kind: 'command' })).toBe(1);
    }
  });

  it('sees a host that is down as unreachable', async () => {
    const at = await servers();
    const shell = await realShell(at);
    await at.ports.witness.restart(METAL, signal);
    at.clock.advance(30_000);
    await expect(shell.run(METAL, { argv: ['true'] }, signal)).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
    });
  });
});

async function realShell({ fleet, ssh }: Awaited<ReturnType<typeof servers>>) {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-lab-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const keyFile = join(folder, 'id_ed25519');
  await writeFile(keyFile, LOGIN.privateKey, { mode: 0o600 });
  const inventory = fleetInventory(fleet, ssh.ports);
  const { port, close } = nodeSsh.connect(nodeSsh.config.parse({ 'key-file': keyFile }), {
    zone: ZoneName.parse('staging'),
    inventory: { current: () => inventory },
    hostKeys: simulatedHostKeys(fleet),
    secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
    shell: () => port,
  });
  cleanups.push(close);
  return port;
}
