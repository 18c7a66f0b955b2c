import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import driver from '../../../../src/adapters/infra/node-ssh-shell.ts';
import { HostName } from '../../../../src/domain/ids.ts';
import { fakeSshServer, fakeTcpServer, type OnSession, wellBehaved } from './fake-ssh-server.ts';
import { shellOver } from './shell-fixture.ts';

const HOST = HostName.parse('builder-07');
const forTheTest = () => AbortSignal.timeout(4_000);
const HELLO = { code: 0, stdout: 'hello\n', stderr: '', truncated: false };

describe('the node-ssh shell', () => {
  let folder: string;
  let closing: (() => Promise<void>)[] = [];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-ssh-'));
    writeFileSync(join(folder, 'id'), ssh2.utils.generateKeyPairSync('ed25519').private);
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function shell(port: number, key: string | undefined, config: Record<string, unknown> = {}) {
    const hosts = [{ name: HOST, ssh: { port, user: 'signalbox' }, key }];
    const opened = shellOver(hosts, { 'key-file': join(folder, 'id'), ...config });
    closing.push(() => opened.close());
    return opened.shell;
  }

  async function over(onSession: OnSession, config: Record<string, unknown> = {}) {
    const server = await fakeSshServer(onSession);
    closing.push(() => server.close());
    const opened = shell(server.port, server.hostKey, config);
    const hello = () => opened.run(HOST, { argv: ['hello'] }, forTheTest());
    return { server, hello, shell: opened };
  }

  it('gives up on a login that hangs', async () => {
    const server = await fakeTcpServer(() => {});
    closing.push(() => server.close());
    const opened = shell(server.port, undefined, { 'connect-timeout-s': 0.2 });
    await expect(opened.run(HOST, { argv: ['hello'] }, forTheTest())).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${server.port}: no login within 200 ms`,
      next: 'Nothing was run. Check that builder-07 is up and its SSH server answers, then run it again.',
    });
  });

  it('says that a connection was refused', async () => {
    const server = await fakeTcpServer(() => {});
    await server.close();
    const { port } = server;
    const running = shell(port, undefined).run(HOST, { argv: ['hello'] }, forTheTest());
    await expect(running).rejects.toMatchObject({
      code: 'ssh.unreachable',
      effect: 'none',
      message: `SSH to builder-07 failed: 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it('says that a server hung up during login', async () => {
    const server = await fakeTcpServer((socket) => socket.end());
    closing.push(() => server.close());
    const running = shell(server.port, undefined).run(HOST, { argv: ['a'] }, forTheTest());
    await expect(running).rejects.toMatchObject({ code: 'ssh.unreachable', effect: 'none' });
  });

  it('makes one attempt for all who ask at the same moment, and a new one afterwards', async () => {
    const server = await fakeTcpServer((socket) => socket.end());
    closing.push(() => server.close());
    const opened = shell(server.port, undefined);
    const ask = () => opened.run(HOST, { argv: ['hello'] }, forTheTest());
    const asked = await Promise.allSettled([ask(), ask(), ask()]);
    expect(asked.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(server.sockets.length).toBe(1);
    await expect(ask()).rejects.toThrow('SSH to builder-07 failed');
    expect(server.sockets.length).toBe(2);
  });

  it('stops waiting for a login when told to, and says that nothing was sent', async () => {
    const controller = new AbortController();
    const server = await fakeTcpServer(() => controller.abort());
    closing.push(() => server.close());
    const running = shell(server.port, undefined).run(HOST, { argv: ['a'] }, controller.signal);
    await expect(running).rejects.toMatchObject({
      code: 'ssh.aborted',
      effect: 'none',
      message: 'a on builder-07 was not started: it was told to stop while connecting',
    });
  });

  it('does not know what became of a command whose connection drops', async () => {
    const { hello } = await over((accept, socket) => {
      accept().on('exec', (acceptExec) => {
        acceptExec();
        socket.resetAndDestroy();
      });
    });
    await expect(hello()).rejects.toMatchObject({
      code: 'ssh.lost',
      effect: 'unknown',
      next: 'It may have run, and may still be running. Look at builder-07 before any retry.',
    });
  });

  it('does not know what became of a command when the connection drops before it is acknowledged', async () => {
    const { hello, server } = await over((accept, socket) => {
      accept().on('exec', () => socket.destroy());
    });
    await expect(hello()).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
    expect(server.sockets.length).toBe(1);
  });

  it('does not know what became of a command that ends without an exit code', async () => {
    const { hello } = await over((accept) => {
      accept().on('exec', (acceptExec) => acceptExec().close());
    });
    await expect(hello()).rejects.toMatchObject({
      code: 'ssh.lost',
      effect: 'unknown',
      message: 'hello on builder-07 has no known end: it ended without an exit code',
    });
  });

  it('lets a claim be read again when the connection drops, and does not know whether one was started', async () => {
    const { shell: opened } = await over((accept, socket) => {
      accept().on('exec', () => socket.destroy());
    });
    const claim = { op: 'op-7k2m', step: 'configure', attempt: 1, part: 'a', epoch: 1 };
    await expect(opened.readClaimed(HOST, claim, forTheTest())).rejects.toMatchObject({
      code: 'ssh.lost',
      effect: 'none',
      next: 'Nothing was changed. Ask again.',
    });
    const started = opened.startClaimed(HOST, claim, { argv: ['a'] }, forTheTest());
    await expect(started).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
  });

  it('refuses a part of a claim that would not be one file name', async () => {
    const { shell: opened } = await over(wellBehaved);
    const claim = { op: 'op-7k2m', step: '../a', attempt: 1, part: 'a', epoch: 1 };
    await expect(opened.readClaimed(HOST, claim, forTheTest())).rejects.toThrow(
      'Not a part of a claim\'s name: "../a"',
    );
  });

  it('connects again when a pooled connection was dead before anything was sent', async () => {
    const { hello, server } = await over((accept, socket, count) => {
      if (count === 2) socket.destroy();
      else wellBehaved(accept, socket, count);
    });
    expect(await hello()).toEqual(HELLO);
    expect(await hello()).toEqual(HELLO);
    expect(server.sockets.length).toBe(2);
  });

  it('gives up on a server that hangs up each time before anything is sent', async () => {
    const { hello, server } = await over((_accept, socket) => socket.destroy());
    await expect(hello()).rejects.toMatchObject({
      code: 'ssh.refused',
      effect: 'none',
      message: 'hello on builder-07 was not started: No response from server',
    });
    expect(server.sockets.length).toBe(3);
  });

  it('outlives a connection that is reset while nobody uses it', async () => {
    const { hello, server } = await over(wellBehaved);
    expect(await hello()).toEqual(HELLO);
    server.sockets[0]?.resetAndDestroy();
    expect(await hello()).toEqual(HELLO);
  });

  it('notices a host that has fallen silent', async () => {
    const silent: OnSession = (accept, socket) => {
      accept().on('exec', (acceptExec) => {
        acceptExec();
        socket.removeAllListeners('data').pause();
      });
    };
    const { hello } = await over(silent, { 'keepalive-s': 0.05 });
    await expect(hello()).rejects.toMatchObject({
      code: 'ssh.lost',
      effect: 'unknown',
      message: 'hello on builder-07 has no known end: Keepalive timeout',
    });
  });

  it('connects anew for a host that was forgotten', async () => {
    const { hello, server, shell: opened } = await over(wellBehaved);
    await hello();
    await opened.forget(HOST);
    await hello();
    expect(server.sockets.length).toBe(2);
  });

  it('says that a host is not in the inventory', async () => {
    const { shell: opened } = await over(wellBehaved);
    const other = HostName.parse('builder-99');
    await expect(opened.run(other, { argv: ['a'] }, forTheTest())).rejects.toMatchObject({
      code: 'ssh.unknown-host',
      effect: 'none',
      message: 'SSH to builder-99 failed: it is not in the inventory',
    });
  });

  it('says that its key cannot be read', async () => {
    const missing = join(folder, 'missing');
    const { hello } = await over(wellBehaved, { 'key-file': missing });
    await expect(hello()).rejects.toMatchObject({
      code: 'ssh.no-key',
      effect: 'none',
      message: `No key to log in with: ENOENT: no such file or directory, open '${missing}'`,
    });
  });

  it.each([{}, { 'key-file': '/id', agent: true }])('wants one way to log in, not %o', (config) => {
    expect(driver.config.safeParse(config).error?.issues[0]?.message).toBe(
      'expected either key-file or agent: true',
    );
  });
});
