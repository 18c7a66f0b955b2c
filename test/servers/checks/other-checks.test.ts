import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { CheckTarget } from '../../../src/domain/service-check.ts';
import type { ServiceChecks } from '../../../src/jobs/ports/service-checks.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import { freePort } from '../../free-port.ts';
import { makeKey, type OpenSshServer, openSshServer } from '../ssh/open-ssh-server.ts';
import { type Authority, makeAuthority } from './certificates.ts';
import { checkOf, MEMBER, NAME, NODE, probeFor } from './example-check.ts';
import { type NameServer, nameServer } from './name-server.ts';
import { type PythonServer, startPython } from './started-python.ts';

const { signal } = new AbortController();
const SMTP_SERVER = join(import.meta.dirname, 'smtp-server.py');
/** A listener that takes no connection: what comes after the first is neither accepted nor refused. */
const BLACK_HOLE = `import socket, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(0)
print(s.getsockname()[1], flush=True); sys.stdin.read()`;

const root = mkdtempSync(join(tmpdir(), 'signalbox-checks-'));
let authority: Authority;
let ssh: OpenSshServer;
let shell: ReturnType<typeof shellOver>;
let checks: ServiceChecks;

beforeAll(async () => {
  authority = makeAuthority(root);
  const key = makeKey(join(root, 'id'));
  ssh = await openSshServer({ folder: join(root, 'sshd'), authorized: key });
  const { port, user, hostKeys } = ssh;
  shell = shellOver([{ name: NODE, ssh: { port, user }, key: hostKeys[0] }], {
    'key-file': join(root, 'id'),
    'state-dir': join(root, 'claims'),
  });
  checks = probeFor({ 'ca-file': authority.caFile }, shell.shell);
});

afterAll(async () => {
  await shell.close();
  await ssh.stop();
  rmSync(root, { recursive: true, force: true });
});

const ask = (target: CheckTarget, timeoutMs = 20_000, aim = MEMBER) =>
  checks.probe(checkOf(target, { timeoutMs }), aim, signal);

describe('a check of a port', () => {
  it('tells open from closed, and both from one that swallows everything', async () => {
    expect(await ask({ kind: 'tcp', port: ssh.port })).toMatchObject({ kind: 'passed' });
    expect(await ask({ kind: 'tcp', port: await freePort() })).toMatchObject({
      kind: 'failed',
      came: 'connection refused',
    });
    const hole = await startPython(['-c', BLACK_HOLE]);
    const fill = Array.from({ length: 3 }, () => connect(hole.port, '127.0.0.1'));
    await Promise.race(fill.map((socket) => once(socket, 'connect')));
    expect(await ask({ kind: 'tcp', port: hole.port }, 300)).toMatchObject({
      kind: 'failed',
      came: 'nothing within 0.3 s',
    });
    for (const socket of fill) socket.destroy();
    await hole.stop();
  });
});

describe('a check of a mail server', () => {
  let secured: PythonServer;
  let plain: PythonServer;
  beforeAll(async () => {
    const { certFile, keyFile } = authority.issue(NAME, 20);
    secured = await startPython([SMTP_SERVER, certFile, keyFile]);
    plain = await startPython([SMTP_SERVER]);
  });
  afterAll(() => Promise.all([secured.stop(), plain.stop()]));

  const smtp = (port: number, starttls: boolean, certificateDays?: number) =>
    ask({
      kind: 'smtp',
      port,
      starttls,
      ...(certificateDays !== undefined && { certificateDays }),
    });

  it('greets it and begins TLS where that is wanted', async () => {
    expect(await smtp(plain.port, false)).toMatchObject({
      kind: 'passed',
      came: 'a greeting and EHLO',
    });
    expect(await smtp(secured.port, true)).toMatchObject({
      kind: 'passed',
      came: 'a greeting, EHLO and STARTTLS',
    });
    expect(await smtp(plain.port, true)).toMatchObject({
      kind: 'failed',
      came: 'no STARTTLS offered',
    });
  });

  it('looks at the certificate', async () => {
    expect(await smtp(secured.port, true, 14)).toMatchObject({ kind: 'passed' });
    expect(await smtp(secured.port, true, 30)).toMatchObject({
      kind: 'failed',
      came: 'a greeting, EHLO and STARTTLS, a certificate for 19 days more',
    });
    const { certFile, keyFile } = authority.issue('mail.example.net', 20);
    const other = await startPython([SMTP_SERVER, certFile, keyFile]);
    const result = await smtp(other.port, true);
    await other.stop();
    expect(result).toMatchObject({ kind: 'failed', came: 'a certificate for another name' });
  });

  it.each([
    ['wants nobody', '554 go away\r\n', 'the greeting 554'],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.2\r\n', 'something that is not SMTP'],
    ['has no end', `220-${'x'.repeat(20_000)}`, 'a reply without an end'],
    ['hangs up', '', 'the connection was closed'],
  ])('says so where one %s', async (_, greeting, came) => {
    const server = await talker((socket) => socket.end(greeting));
    const result = await ask({ kind: 'smtp', port: server.port, starttls: false });
    await server.stop();
    expect(result).toMatchObject({ kind: 'failed', came });
  });

  it('takes nothing that was slipped in before TLS', async () => {
    const server = await talker((socket) => {
      socket.write('220 mail.test\r\n');
      socket.on('data', (said) => {
        const isHello = said.toString().startsWith('EHLO');
        socket.write(isHello ? '250-mail.test\r\n250 STARTTLS\r\n' : '220 go\r\n250 injected\r\n');
      });
    });
    const result = await ask({ kind: 'smtp', port: server.port, starttls: true });
    await server.stop();
    expect(result).toMatchObject({
      kind: 'failed',
      came: 'something between STARTTLS and TLS',
    });
  });
});

describe('a check of a name server', () => {
  let server: NameServer;
  beforeAll(async () => {
    server = await nameServer();
    server.set('download.example.org', '192.0.2.7');
  });
  afterAll(() => server.stop());

  const dns = (record: string, answer: readonly string[]) =>
    ask({ kind: 'dns', port: server.port, record, type: 'A', answer });

  it('wants just these records', async () => {
    expect(await dns('download.example.org', ['192.0.2.7'])).toMatchObject({ kind: 'passed' });
    expect(await dns('download.example.org', ['192.0.2.8'])).toMatchObject({
      kind: 'failed',
      expected: 'download.example.org A 192.0.2.8',
      came: 'A 192.0.2.7',
    });
    expect(await dns('other.example.org', ['192.0.2.7'])).toMatchObject({
      kind: 'failed',
      came: 'no such name',
    });
  });
});

describe('a check by a command', () => {
  const run = (argv: readonly string[], aim = MEMBER) =>
    ask({ kind: 'command', argv, asRoot: false }, 20_000, aim);

  it('wants code 0 on the member, and no shell reads its words', async () => {
    expect(await run(['test', '$(false)', '=', '$(false)'])).toMatchObject({ kind: 'passed' });
    expect(await run(['sh', '-c', 'echo secret; exit 3'])).toEqual({
      kind: 'failed',
      expected: 'code 0 of sh -c echo secret; exit 3',
      came: 'code 3',
    });
  });

  it('says nothing of a member that cannot be reached', async () => {
    const host = HostName.parse('node-02');
    expect(await run(['true'], { ...MEMBER, host })).toMatchObject({ kind: 'unknown' });
  });
});

async function talker(talk: (socket: Socket) => void) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
