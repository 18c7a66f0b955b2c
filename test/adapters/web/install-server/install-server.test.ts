import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InstallTokens } from '../../../../src/adapters/infra/install-server/install-tokens.ts';
import { memoryInstallTokens } from '../../../../src/adapters/infra/install-server/memory-install-tokens.ts';
import { HOST, IMAGE, INITRD, KERNEL, NONCE, OP } from '../../infra/boot/example-image.ts';
import { INSTALL, type Served, type ServedOptions, served, TOKEN } from './install-fixture.ts';

const DISK = '#!ipxe\nsanboot --no-describe --drive 0x80 || exit\n';
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1DQfqSfi9pZ2nlyN3nYYHvXkXyWqTzqWmXLxF0hVIH';
const REPORT = { nonce: NONCE, image: IMAGE, hostKey: KEY };
const folder = `/b/${TOKEN}/`;

describe('the install server', () => {
  let tokens: InstallTokens;
  let server: Served;
  const start = async (options: Partial<ServedOptions> = {}) => {
    await server?.close();
    server = await served({ tokens, ...options });
  };
  const body = async (path: string) => (await server.get(path)).text();
  const status = async (path: string, init?: RequestInit) => (await server.get(path, init)).status;
  const post = (report: unknown, path = `${folder}report`) =>
    server.get(path, { method: 'POST', body: JSON.stringify(report) });

  beforeEach(async () => {
    tokens = memoryInstallTokens();
    await tokens.open(TOKEN, INSTALL);
    await start();
  });
  afterEach(() => server.close());

  it('hands out kernel and initrd while the token is open', async () => {
    expect(await body(`${folder}kernel`)).toBe(KERNEL);
    expect(await body(`${folder}initrd`)).toBe(INITRD);
    const { headers } = await server.get(`${folder}kernel`, { method: 'HEAD' });
    expect(headers.get('content-length')).toBe(String(KERNEL.length));
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('fills in the answers, and leaves the braces of others', async () => {
    expect(await body(`${folder}kickstart`)).toBe(`# ${HOST} gets ${IMAGE}, \${not-ours} {unknown}
url --url=http://mirror.example.org/f43/os/
%post
curl --data-urlencode nonce=${NONCE} http://install.example.org:8090/b/${TOKEN}/report
%end
`);
  });

  it('gives the answers only under the name that the installer asks for', async () => {
    for (const other of ['preseed.cfg', 'user-data', 'meta-data', 'vendor-data'])
      expect(await status(folder + other)).toBe(404);
    await start({ image: { kind: 'autoinstall' } });
    expect(await status(`${folder}user-data`)).toBe(200);
    expect(await body(`${folder}meta-data`)).toBe(`instance-id: ${OP}\nlocal-hostname: ${HOST}\n`);
    expect(await status(`${folder}kickstart`)).toBe(404);
  });

  it('boots an installer by iPXE, and the disk when that fails', async () => {
    const given = `http://install.example.org:8090${folder}`;
    const script = `#!ipxe
kernel ${given}kernel initrd=initrd inst.ks=${given}kickstart inst.repo=http://mirror.example.org/f43/os/ ip=dhcp inst.text console=ttyS0,115200 || goto disk
initrd --name initrd ${given}initrd || goto disk
boot
:disk
sanboot --no-describe --drive 0x80 || exit
`;
    expect(await body(`/ipxe/${HOST}`)).toBe(script);
    expect(await body(`${folder}ipxe`)).toBe(script);
  });

  it('tells every host without an open token to boot from disk', async () => {
    expect(await body('/ipxe/builder-01')).toBe(DISK);
    expect(await body(`/b/${'0'.repeat(40)}/ipxe`)).toBe(DISK);
    await tokens.close(OP, HOST);
    expect(await body(`/ipxe/${HOST}`)).toBe(DISK);
    expect(await body(`${folder}ipxe`)).toBe(DISK);
  });

  it('tells somebody who asks in the name of a host to boot from disk', async () => {
    await start({ addresses: ['192.0.2.8'] });
    expect(await body(`/ipxe/${HOST}`)).toBe(DISK);
    expect(server.log).toEqual([
      `somebody else asked for the installer of ${HOST} and was told to boot from disk`,
    ]);
  });

  it('gives nothing once the operation has ended', async () => {
    await tokens.close(OP, HOST);
    for (const what of ['kernel', 'initrd', 'kickstart'])
      expect(await status(folder + what)).toBe(404);
    expect((await post(REPORT)).status).toBe(404);
    expect(await tokens.reportOf(OP, HOST)).toBeUndefined();
  });

  it('closes the token of an operation that has ended without closing it', async () => {
    await start({ hasEnded: async () => true });
    expect(await body(`/ipxe/${HOST}`)).toBe(DISK);
    expect(await tokens.find(TOKEN)).toBeUndefined();
    expect((await post(REPORT)).status).toBe(404);
    expect(await tokens.reportOf(OP, HOST)).toBeUndefined();
  });

  it('hands out nothing while nobody can say whether the operation has ended', async () => {
    await start({ hasEnded: () => Promise.reject(new Error('the store did not answer')) });
    expect(await status(`${folder}kickstart`)).toBe(503);
    expect(await status(`/ipxe/${HOST}`)).toBe(503);
    expect(server.log[0]).toBe('127.0.0.1 got no answer: the store did not answer');
  });

  it('takes a report exactly once, and hands out nothing after it', async () => {
    expect((await post(REPORT)).status).toBe(200);
    expect(await tokens.reportOf(OP, HOST)).toEqual(REPORT);
    const other = { ...REPORT, hostKey: KEY.replace('hVIH', 'hVIA') };
    expect((await post(other)).status).toBe(403);
    expect(await tokens.reportOf(OP, HOST)).toEqual(REPORT);
    expect(await status(`${folder}kickstart`)).toBe(404);
    expect(await body(`/ipxe/${HOST}`)).toBe(DISK);
  });

  it('thanks again for the report whose thanks got lost', async () => {
    for (const _ of ['once', 'twice']) expect((await post(REPORT)).status).toBe(200);
  });

  it('takes one of several reports that come at the same moment', async () => {
    const keys = ['hVIA', 'hVIB', 'hVIC'].map((end) => KEY.replace('hVIH', end));
    const answers = await Promise.all(keys.map((hostKey) => post({ ...REPORT, hostKey })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403, 403]);
  });

  it('takes a form as curl and wget send it, without the comment of the key', async () => {
    const bootId = 'f3b8b1c2-7a53-4a0e-9f6b-0d8c2b1d4e5f\n';
    const form = new URLSearchParams({ ...REPORT, hostKey: `${KEY} root@builder-08\n`, bootId });
    const { status: code } = await server.get(`${folder}report`, { method: 'POST', body: form });
    expect(code).toBe(200);
    expect(await tokens.reportOf(OP, HOST)).toEqual(REPORT);
  });

  it.each([
    ['another nonce', { ...REPORT, nonce: `${NONCE.slice(0, -1)}0` }],
    ['another image', { ...REPORT, image: 'f43-builder@2026.10.01' }],
    ['no host key', { ...REPORT, hostKey: '' }],
    ['options before the key', { ...REPORT, hostKey: `command="sh" ${KEY}` }],
    ['two lines', { ...REPORT, hostKey: `${KEY}\n${KEY}` }],
    ['a key of another kind than it says', { ...REPORT, hostKey: KEY.replace('ed25519', 'rsa') }],
    ['a field too many', { ...REPORT, op: 'op-9xyz' }],
    ['a list', [REPORT]],
  ])('refuses a report with %s, and says no more', async (_, report) => {
    const answer = await post(report);
    expect([answer.status, await answer.text()]).toEqual([403, 'refused\n']);
    expect(await tokens.reportOf(OP, HOST)).toBeUndefined();
    expect(await status(`${folder}kernel`)).toBe(200);
  });

  it('refuses what is no report at all', async () => {
    const answer = await server.get(`${folder}report`, { method: 'POST', body: '{"nonce"' });
    expect(answer.status).toBe(403);
  });

  it('refuses a report that is too large, told beforehand or not', async () => {
    const large = 'x'.repeat(17 * 1024);
    expect((await post(large)).status).toBe(413);
    const stream = new Blob([large]).stream();
    const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
    expect(await status(`${folder}report`, init)).toBe(413);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses %s for files', async (method) => {
    expect(await status(`${folder}kernel`, { method })).toBe(405);
  });

  it('refuses to show a report', async () => {
    expect(await status(`${folder}report`)).toBe(405);
  });

  it.each([
    '/',
    '/b/',
    `/b/${TOKEN}`,
    folder,
    `${folder}f43.ks`,
    `${folder}kernel/`,
    `${folder}kernel?x=1`,
    `${folder}kernel%00`,
    `${folder}../../secret`,
    `${folder}..%2f..%2fsecret`,
    `/b/${TOKEN.toUpperCase()}/kernel`,
    `/b/${TOKEN.slice(1)}/kernel`,
    '//b//kernel',
    '/ipxe/',
    '/ipxe/..%2f..%2fetc',
    '/files/f43/vmlinuz',
    'http://elsewhere.example.org/',
    '*',
  ])('knows nothing at %s', async (path) => {
    const answer = await raw(
      server.port,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
    expect(answer.endsWith('\r\n\r\nnot found\n')).toBe(true);
  });

  it('follows no link out of its folder', async () => {
    await start({ image: { kernel: { path: 'f43/link', sha256: '0'.repeat(64) } } });
    expect(await status(`${folder}kernel`)).toBe(404);
    expect(server.log.join()).toContain('f43/link is not in ');
  });

  it('says in its log what is wrong with a template, and gives none of it', async () => {
    await start({ template: 'report to {report-url}\n' });
    expect(await status(`${folder}kickstart`)).toBe(404);
    expect(server.log).toEqual([
      `f43.ks, the template of ${IMAGE}, cannot be given to ${HOST}: it has no {nonce}`,
    ]);
  });

  it('gives no answers that would leave a board starting its installer for ever', async () => {
    await start({ image: { restoresBootEntry: true } });
    expect(await status(`${folder}kickstart`)).toBe(404);
    expect(server.log.join()).toContain('it does not put extlinux.conf.signalbox back');
  });

  it('slows down somebody who guesses', async () => {
    await start({ limits: { burst: 60, perSecond: 0 } });
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, digit) => status(`/b/${String(digit).repeat(40)}/kernel`)),
    );
    expect(guesses.filter((code) => code === 404)).toHaveLength(6);
    expect(await status('/health')).toBe(429);
  });

  it('closes a connection that never finishes its headers', async () => {
    await start({ limits: { headersMs: 100, requestMs: 200, idleMs: 5_000 } });
    const answer = await raw(server.port, 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(answer).toBe('');
    expect(await status('/health')).toBe(200);
  });

  it('closes a connection that never finishes its report', async () => {
    await start({ limits: { headersMs: 100, requestMs: 200, idleMs: 5_000 } });
    const head = `POST ${folder}report HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`;
    expect(await raw(server.port, head)).not.toContain('200');
    expect(await status('/health')).toBe(200);
  });

  it('closes a connection that says nothing', async () => {
    await start({ limits: { idleMs: 100 } });
    expect(await raw(server.port, '')).toBe('');
  });

  it('takes no more connections of one address than a host needs', async () => {
    await start({ limits: { connectionsPerAddress: 2 } });
    const held = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')];
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    expect(await raw(server.port, 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
    for (const socket of held) socket.destroy();
  });

  it('says why it cannot listen', async () => {
    const { startInstallServer } = await import(
      '../../../../src/adapters/web/install-server/start-install-server.ts'
    );
    const config = { url: 'http://x/', listen: '127.0.0.1', port: server.port, files: '/nowhere' };
    const inventory = { current: () => Promise.reject() as never };
    await expect(
      startInstallServer({ config, tokens, inventory, log: () => {}, hasEnded: async () => false }),
    ).rejects.toMatchObject({
      code: 'installer.cannot-listen',
      effect: 'none',
      message: `The install server cannot listen on 127.0.0.1 port ${server.port}: listen EADDRINUSE: address already in use 127.0.0.1:${server.port}`,
    });
  });
});

/** Exactly these bytes, and all that comes back until the other side closes. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(bytes);
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}
