import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { RemoteShell } from '../../../src/jobs/ports/remote-shell.ts';
import { shellOver, type TestHost } from '../../adapters/infra/ssh/shell-fixture.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { makeKey, type OpenSshServer, openSshServer } from './open-ssh-server.ts';

const HOST = HostName.parse('builder-07');
const forTheTest = () => AbortSignal.timeout(PATIENCE_MS);

function fingerprintOf(key: string): string {
  const listed = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: key, encoding: 'utf8' });
  return listed.split(' ')[1] ?? '';
}

describe('the node-ssh shell with OpenSSH', () => {
  let root: string;
  let authorized: string;
  let closing: (() => Promise<void>)[] = [];

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-ssh-'));
    authorized = makeKey(join(root, 'id'));
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function server(
    name: string,
    config: readonly string[] = [],
    keyTypes?: readonly string[],
  ) {
    const folder = mkdtempSync(join(root, name));
    const more = keyTypes === undefined ? {} : { keyTypes };
    const started = await openSshServer({ folder, authorized, config, ...more });
    closing.push(() => started.stop());
    return started;
  }

  function shell(hosts: readonly TestHost[], config: Record<string, unknown> = {}): RemoteShell {
    const login = { 'key-file': join(root, 'id'), 'state-dir': join(root, 'claims') };
    const opened = shellOver(hosts, { ...login, 'connect-timeout-s': 30, ...config });
    closing.push(() => opened.close());
    return opened.shell;
  }

  function builder(
    { port, user, hostKeys }: OpenSshServer,
    more: Partial<TestHost> = {},
  ): TestHost {
    return { name: HOST, ssh: { port, user }, key: hostKeys[0], ...more };
  }

  const whoami = (over: RemoteShell) => over.run(HOST, { argv: ['echo', 'hello'] }, forTheTest());

  it('refuses a host whose key is unknown, and says how to accept it', async () => {
    const sshd = await server('sshd');
    const print = fingerprintOf(sshd.hostKeys[0] ?? '');
    await expect(whoami(shell([builder(sshd, { key: undefined })]))).rejects.toMatchObject({
      code: 'ssh.host-key-unknown',
      effect: 'none',
      message: `Host key of builder-07 refused: it shows ssh-ed25519 ${print} and no key of it is known`,
      next: `Compare the fingerprint with the one on the console of builder-07. If it is the same, run \`signalbox hostkey accept builder-07 ${print}\`.`,
    });
  });

  it('refuses a host whose key has changed, with both fingerprints', async () => {
    const sshd = await server('sshd');
    const old = makeKey(join(root, 'old-host-key'));
    const print = fingerprintOf(sshd.hostKeys[0] ?? '');
    await expect(whoami(shell([builder(sshd, { key: old })]))).rejects.toMatchObject({
      code: 'ssh.host-key-changed',
      effect: 'none',
      message: `Host key of builder-07 refused: it shows ssh-ed25519 ${print} instead of ssh-ed25519 ${fingerprintOf(old)}`,
      next: `If you know that builder-07 was reinstalled and its console shows this fingerprint, run \`signalbox hostkey accept builder-07 ${print}\`. Otherwise somebody may be answering in its place.`,
    });
  });

  it.each([0, 1, 2])(
    'asks a server with several keys for the one that is known (%i)',
    async (known) => {
      const sshd = await server('sshd', [], ['ed25519', 'ecdsa', 'rsa']);
      const over = shell([builder(sshd, { key: sshd.hostKeys[known] })]);
      expect((await whoami(over)).stdout).toBe('hello\n');
    },
  );

  it('refuses a server that no longer has the kind of key that is known', async () => {
    const sshd = await server('sshd', [], ['ecdsa']);
    const key = makeKey(join(root, 'lost-kind'));
    await expect(whoami(shell([builder(sshd, { key })]))).rejects.toMatchObject({
      code: 'ssh.host-key-changed',
    });
  });

  async function behindJump() {
    const jump = await server('jump');
    const sshd = await server('sshd');
    const gate: TestHost = { name: 'jump-1', ssh: jump, key: jump.hostKeys[0] };
    const { port, user } = sshd;
    const ssh = { port, user, jump: [HostName.parse('jump-1')] };
    return { jump, sshd, gate, inner: builder(sshd, { ssh }) };
  }

  it('reaches a host through a jump host', async () => {
    const { gate, inner } = await behindJump();
    const { port } = gate.ssh;
    const over = shell([gate, inner]);
    const { stdout } = await over.run(
      HOST,
      { argv: ['sh', '-c', 'echo $SSH_CONNECTION'] },
      forTheTest(),
    );
    expect(stdout).not.toContain(`${port}`);
    expect(stdout).toContain(`${inner.ssh.port}`);
  });

  it('checks the key of the jump host', async () => {
    const { gate, inner } = await behindJump();
    await expect(whoami(shell([{ ...gate, key: undefined }, inner]))).rejects.toThrow(
      'Host key of jump-1 refused',
    );
  });

  it('checks the key of the host behind the jump host', async () => {
    const { gate, inner } = await behindJump();
    await expect(whoami(shell([gate, { ...inner, key: gate.key }]))).rejects.toThrow(
      'Host key of builder-07 refused',
    );
  });

  it('says which jump host is down', async () => {
    const { gate, inner, jump } = await behindJump();
    await jump.stop();
    await expect(whoami(shell([gate, inner]))).rejects.toMatchObject({
      code: 'ssh.jump-unreachable',
      effect: 'none',
      message: `No way to builder-07: SSH to jump-1 failed: 127.0.0.1:${jump.port}: connect ECONNREFUSED 127.0.0.1:${jump.port}`,
    });
  });

  it('says that the host behind the jump host is down', async () => {
    const { gate, inner, sshd } = await behindJump();
    await sshd.stop();
    await expect(whoami(shell([gate, inner]))).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${sshd.port} from jump-1: (SSH) Channel open failure: Connection refused`,
    });
  });

  it('does not know what became of a command when the jump host drops it', async () => {
    const { gate, inner, jump } = await behindJump();
    const over = shell([gate, inner]);
    const running = over.run(HOST, { argv: ['sleep', '20'] }, forTheTest());
    const lost = expect(running).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
    await whoami(over);
    jump.cutSessions();
    await lost;
    expect((await whoami(over)).stdout).toBe('hello\n');
  });

  it('says that a key is not accepted', async () => {
    const sshd = await server('sshd');
    makeKey(join(root, 'other-id'));
    const over = shell([builder(sshd)], { 'key-file': join(root, 'other-id') });
    await expect(whoami(over)).rejects.toMatchObject({
      code: 'ssh.auth-failed',
      effect: 'none',
      message: `SSH login to builder-07 failed: it does not accept our key for ${sshd.user}`,
    });
  });

  it('gives up on a login that hangs in the server', async () => {
    const sshd = await server('sshd', [
      'AuthorizedKeysCommandUser root',
      'AuthorizedKeysCommand /bin/sleep 20',
    ]);
    // sshd asks the command only about a key that it has not found in the file.
    makeKey(join(root, 'unlisted-id'));
    const login = { 'key-file': join(root, 'unlisted-id'), 'connect-timeout-s': 1 };
    const over = shell([builder(sshd)], login);
    await expect(whoami(over)).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${sshd.port}: no login within 1000 ms`,
    });
  });

  it('keeps a banner out of the output', async () => {
    const banner = join(root, 'banner');
    writeFileSync(banner, 'Authorized people only\n');
    const sshd = await server('sshd', [`Banner ${banner}`, 'PrintMotd yes', 'SetEnv NOISE=1']);
    expect(await whoami(shell([builder(sshd)]))).toMatchObject({ stdout: 'hello\n', stderr: '' });
  });

  it('keeps what start-up files of the account say out of stdout', async () => {
    const noisy = 'ForceCommand echo "mail for you"; exec sh -c "$SSH_ORIGINAL_COMMAND"';
    const sshd = await server('sshd', [noisy]);
    const over = shell([builder(sshd)]);
    expect(await whoami(over)).toMatchObject({ stdout: 'hello\n', stderr: '' });
    const claim = { op: 'op-noisy', step: 'a', attempt: 1, part: 'a', epoch: 1 };
    expect(await over.readClaimed(HOST, claim, forTheTest())).toBeUndefined();
  });

  it('waits its turn where the server allows fewer sessions than expected', async () => {
    const sshd = await server('sshd', ['MaxSessions 2']);
    const over = shell([builder(sshd)]);
    const results = await Promise.all(Array.from({ length: 12 }, () => whoami(over)));
    expect(results.map(({ stdout }) => stdout)).toEqual(Array(12).fill('hello\n'));
  });

  it('says so when the server allows no session at all', async () => {
    const sshd = await server('sshd', ['MaxSessions 0']);
    await expect(whoami(shell([builder(sshd)]))).rejects.toMatchObject({
      code: 'ssh.refused',
      effect: 'none',
      message: 'echo on builder-07 was not started: (SSH) Channel open failure: open failed',
    });
  });

  it('uses one connection for many commands', async () => {
    const sshd = await server('sshd');
    const over = shell([builder(sshd)]);
    const ask = () => over.run(HOST, { argv: ['sh', '-c', 'echo $SSH_CONNECTION'] }, forTheTest());
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  });

  it('closes a connection that nobody uses', async () => {
    const sshd = await server('sshd');
    const over = shell([builder(sshd)], { 'idle-close-s': 0.05 });
    const ask = () => over.run(HOST, { argv: ['sh', '-c', 'echo $SSH_CONNECTION'] }, forTheTest());
    const { stdout } = await ask();
    await expect.poll(async () => sshd.sessions()).toBe(0);
    expect((await ask()).stdout).not.toBe(stdout);
  });

  it('finds a claimed command after the server was killed and came back', async () => {
    const sshd = await server('sshd');
    const over = shell([builder(sshd)]);
    const claim = { op: 'op-7k2m', step: 'configure', attempt: 1, part: 'a', epoch: 1 };
    await over.startClaimed(
      HOST,
      claim,
      { argv: ['sh', '-c', 'sleep 1; echo done'] },
      forTheTest(),
    );
    await sshd.stop();
    await expect(over.readClaimed(HOST, claim, forTheTest())).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
    });
    await sshd.start();
    await expect
      .poll(() => over.readClaimed(HOST, claim, forTheTest()))
      .toEqual({ kind: 'exited', code: 0, output: 'done\n' });
  });

  async function withSudo(script: string) {
    const bin = mkdtempSync(join(root, 'bin'));
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'sudo'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const sshd = await server('sshd', [`SetEnv PATH=${bin}:/usr/bin:/bin`]);
    const { port, user } = sshd;
    return shell([builder(sshd, { ssh: { port, user, sudo: true } })]);
  }

  it('goes through sudo -n for what needs root, and only for that', async () => {
    const over = await withSudo('echo "sudo $1 $2"; shift 2; exec "$@"');
    const root = await over.run(HOST, { argv: ['echo', 'a'], asRoot: true }, forTheTest());
    expect(root.stdout).toBe('sudo -n --\na\n');
    expect((await whoami(over)).stdout).toBe('hello\n');
  });

  it('says what to put into sudoers when sudo wants a password', async () => {
    const over = await withSudo('echo "sudo: a password is required" >&2; exit 1');
    const asked = over.run(HOST, { argv: ['true'], asRoot: true }, forTheTest());
    await expect(asked).rejects.toMatchObject({
      code: 'ssh.sudo-refused',
      effect: 'none',
      message: 'No root on builder-07: sudo: a password is required',
      next: "Let the login user of builder-07 run commands as root without a password, e.g. in /etc/sudoers.d/signalbox: `signalbox ALL=(ALL:ALL) NOPASSWD: ALL` with that user's name.",
    });
  });

  it('logs in with a key of the agent', async () => {
    const socket = join(root, 'agent');
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    const said = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
    closing.push(async () => {
      process.kill(pid);
      await expect.poll(() => existsSync(socket)).toBe(false);
    });
    execFileSync('ssh-add', ['-q', join(root, 'id')], { env });
    const sshd = await server('sshd');
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = socket;
    closing.push(async () => {
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    });
    const over = shell([builder(sshd)], { 'key-file': undefined, agent: true });
    expect((await whoami(over)).stdout).toBe('hello\n');
  });
});
