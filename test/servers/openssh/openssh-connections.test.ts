import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { TestHost } from '../../adapters/infra/ssh/shell-fixture.ts';
import { makeKey } from '../ssh/open-ssh-server.ts';
import { builder, connectionOf, forTheTest, HOST, hello, sshSite } from './ssh-site.ts';

const site = sshSite();
afterEach(() => site.closeAll());
afterAll(() => site.remove());

describe('the connections of the openssh shell', () => {
  it('uses one connection for many commands that come at once', async () => {
    const sshd = await site.server();
    const over = site.shell([builder(sshd)]);
    const answers = await Promise.all(Array.from({ length: 12 }, () => connectionOf(over)));
    expect(new Set(answers).size).toBe(1);
  });

  it('keeps what belongs to a connection where only it can read', async () => {
    const over = site.shell([builder(await site.server())]);
    await hello(over);
    const [folder = ''] = site.masters();
    expect(statSync(site.path(folder)).mode & 0o777).toBe(0o700);
  });

  it('leaves no process and no file behind', async () => {
    const sshd = await site.server();
    const { shell, close } = site.open([builder(sshd)]);
    await hello(shell);
    expect([sshd.sessions(), site.masters().length]).toEqual([1, 1]);
    await close();
    expect(site.masters()).toEqual([]);
    await expect.poll(() => sshd.sessions()).toBe(0);
  });

  it('ends the connection to a host that is forgotten, and connects anew', async () => {
    const sshd = await site.server();
    const over = site.shell([builder(sshd)]);
    const before = await connectionOf(over);
    await over.forget(HOST);
    await expect.poll(() => sshd.sessions()).toBe(0);
    expect(await connectionOf(over)).not.toBe(before);
  });

  it('closes a connection that nobody uses', async () => {
    const sshd = await site.server();
    const over = site.shell([builder(sshd)], { 'idle-close-s': 0.05 });
    await hello(over);
    await expect.poll(() => sshd.sessions()).toBe(0);
    expect((await hello(over)).stdout).toBe('hello\n');
  });

  it('does not know what became of a command when the process that holds the connection dies', async () => {
    const over = site.shell([builder(await site.server())]);
    const started = site.path('started');
    const argv = ['sh', '-c', `echo >${started}; sleep 20`];
    const running = over.run(HOST, { argv }, forTheTest());
    const lost = expect(running).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
    await expect.poll(() => existsSync(started)).toBe(true);
    site.killMasters();
    await lost;
    expect((await hello(over)).stdout).toBe('hello\n');
  });

  it('runs each command once when the process that holds the connection dies between them', async () => {
    const over = site.shell([builder(await site.server())]);
    const log = site.path('log');
    for (let round = 0; round < 10; round += 1) {
      await hello(over);
      site.killMasters();
      const argv = ['sh', '-c', `echo ${round} >>${log}`];
      await over.run(HOST, { argv }, forTheTest());
    }
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(
      Array.from({ length: 10 }, (_, round) => String(round)),
    );
  });

  it('waits its turn where the server allows fewer sessions than expected', async () => {
    const over = site.shell([builder(await site.server(['MaxSessions 2']))]);
    const results = await Promise.all(Array.from({ length: 12 }, () => hello(over)));
    expect(results.map(({ stdout }) => stdout)).toEqual(Array(12).fill('hello\n'));
  });

  it('says so when the server allows no session at all', async () => {
    const over = site.shell([builder(await site.server(['MaxSessions 0']))]);
    await expect(hello(over)).rejects.toMatchObject({
      code: 'ssh.refused',
      effect: 'none',
      message: 'echo on builder-07 was not started: Session open refused by peer',
    });
  });

  it('says that nobody listens', async () => {
    const sshd = await site.server();
    await sshd.stop();
    await expect(hello(site.shell([builder(sshd)]))).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${sshd.port}: Connection refused`,
    });
  });

  it('gives up on a login that hangs in the server', async () => {
    const hangs = ['AuthorizedKeysCommandUser root', 'AuthorizedKeysCommand /bin/sleep 20'];
    const sshd = await site.server(hangs);
    makeKey(site.path('unlisted-id'));
    const login = { 'key-file': site.path('unlisted-id'), 'connect-timeout-s': 2 };
    await expect(hello(site.shell([builder(sshd)], login))).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${sshd.port}: no login within 2000 ms`,
    });
    expect(site.masters()).toEqual([]);
  });

  async function behindJump() {
    const jump = await site.server();
    const sshd = await site.server();
    const gate: TestHost = { name: 'jump-1', ssh: jump, key: jump.hostKeys[0] };
    const { port, user } = sshd;
    const ssh = { port, user, jump: [HostName.parse('jump-1')] };
    return { jump, sshd, gate, inner: builder(sshd, { ssh }) };
  }

  it('reaches a host through a jump host', async () => {
    const { gate, inner } = await behindJump();
    const connection = await connectionOf(site.shell([gate, inner]));
    expect(connection).toContain(`${inner.ssh.port}`);
    expect(connection).not.toContain(`${gate.ssh.port}`);
  });

  it('shares the connection to a jump host, and keeps it as long as one goes through it', async () => {
    const { jump, gate, inner } = await behindJump();
    const other = { ...inner, name: 'builder-08' };
    const over = site.shell([gate, inner, other], { 'idle-close-s': 0.5 });
    const sleep = { argv: ['sleep', '2'] };
    const both = [HOST, HostName.parse('builder-08')].map((host) =>
      over.run(host, sleep, forTheTest()),
    );
    expect((await Promise.all(both)).map(({ code }) => code)).toEqual([0, 0]);
    expect(jump.sessions()).toBe(1);
    await expect.poll(() => jump.sessions()).toBe(0);
  });

  it('says which jump host is down', async () => {
    const { gate, inner, jump } = await behindJump();
    await jump.stop();
    await expect(hello(site.shell([gate, inner]))).rejects.toMatchObject({
      code: 'ssh.jump-unreachable',
      effect: 'none',
      message: `No way to builder-07: SSH to jump-1 failed: 127.0.0.1:${jump.port}: Connection refused`,
    });
  });

  it('says that the host behind the jump host is down', async () => {
    const { gate, inner, sshd } = await behindJump();
    await sshd.stop();
    await expect(hello(site.shell([gate, inner]))).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${sshd.port} from jump-1: no connection from there`,
    });
  });

  it('does not know what became of a command when the jump host drops it', async () => {
    const { gate, inner, jump } = await behindJump();
    const over = site.shell([gate, inner]);
    const started = site.path('started-behind');
    const argv = ['sh', '-c', `echo >${started}; sleep 20`];
    const lost = expect(over.run(HOST, { argv }, forTheTest())).rejects.toMatchObject({
      code: 'ssh.lost',
      effect: 'unknown',
    });
    await expect.poll(() => existsSync(started)).toBe(true);
    jump.cutSessions();
    await lost;
    expect((await hello(over)).stdout).toBe('hello\n');
  });

  it('keeps a banner out of the output', async () => {
    const banner = site.path('banner');
    writeFileSync(banner, 'Authorized people only\n');
    const over = site.shell([builder(await site.server([`Banner ${banner}`, 'PrintMotd yes']))]);
    expect(await hello(over)).toMatchObject({ stdout: 'hello\n', stderr: '' });
  });

  it('keeps what start-up files of the account say out of stdout', async () => {
    const noisy = 'ForceCommand echo "mail for you"; exec sh -c "$SSH_ORIGINAL_COMMAND"';
    const over = site.shell([builder(await site.server([noisy]))]);
    expect(await hello(over)).toMatchObject({ stdout: 'hello\n', stderr: '' });
  });

  it('gives the code of an account that may run nothing', async () => {
    const over = site.shell([builder(await site.server(['ForceCommand echo no; exit 3']))]);
    expect(await hello(over)).toMatchObject({ code: 3, stdout: 'no\n' });
  });

  it('does not take 255 of such an account for the end of our command', async () => {
    const over = site.shell([builder(await site.server(['ForceCommand exit 255']))]);
    await expect(hello(over)).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
  });

  async function withSudo(script: string) {
    const bin = mkdtempSync(site.path('bin'));
    writeFileSync(join(bin, 'sudo'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const sshd = await site.server([`SetEnv PATH=${bin}:/usr/bin:/bin`]);
    const { port, user } = sshd;
    return site.shell([builder(sshd, { ssh: { port, user, sudo: true } })]);
  }

  it('goes through sudo -n for what needs root, and only for that', async () => {
    const over = await withSudo('echo "sudo $1 $2"; shift 2; exec "$@"');
    const root = await over.run(HOST, { argv: ['echo', 'a'], asRoot: true }, forTheTest());
    expect(root.stdout).toBe('sudo -n --\na\n');
    expect((await hello(over)).stdout).toBe('hello\n');
  });

  it('says what to put into sudoers when sudo wants a password', async () => {
    const over = await withSudo('echo "sudo: a password is required" >&2; exit 1');
    const asked = over.run(HOST, { argv: ['true'], asRoot: true }, forTheTest());
    await expect(asked).rejects.toMatchObject({ code: 'ssh.sudo-refused', effect: 'none' });
  });

  it('shows nobody what is given on stdin', async () => {
    const over = site.shell([builder(await site.server())]);
    const stdin = 'a-password-on-stdin\n';
    const argv = ['sh', '-c', 'cat; cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " " >&2'];
    const { stdout, stderr } = await over.run(HOST, { argv, stdin }, forTheTest());
    expect(stdout).toBe(stdin);
    expect(stderr).toContain('ssh');
    expect(stderr).not.toContain(stdin.trim());
  });

  it('logs in with a key of the agent', async () => {
    const socket = site.path('agent');
    const said = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]);
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = socket;
    site.onClose(async () => {
      process.kill(pid);
      await expect.poll(() => existsSync(socket)).toBe(false);
      if (before === undefined) delete process.env.SSH_AUTH_SOCK;
      else process.env.SSH_AUTH_SOCK = before;
    });
    spawnSync('ssh-add', ['-q', site.path('id')]);
    const over = site.shell([builder(await site.server())], { 'key-file': undefined, agent: true });
    expect((await hello(over)).stdout).toBe('hello\n');
  });
});
