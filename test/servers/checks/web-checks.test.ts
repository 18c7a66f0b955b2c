import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { ServiceChecks } from '../../../src/jobs/ports/service-checks.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import { checkConformance } from '../../check-conformance.ts';
import { makeKey, type OpenSshServer, openSshServer } from '../ssh/open-ssh-server.ts';
import { type Authority, makeAuthority } from './certificates.ts';
import { checkOf, http, MEMBER, NAME, PUBLIC, probeFor } from './example-check.ts';
import { type NameServer, nameServer } from './name-server.ts';
import { type WebServer, webServer } from './web-server.ts';

const { signal } = new AbortController();
const PROBE = HostName.parse('probe-01');
const SHA = 'a'.repeat(64);

const root = mkdtempSync(join(tmpdir(), 'signalbox-checks-'));
let authority: Authority;
let secure: WebServer;
let plain: WebServer;
let names: NameServer;
let ssh: OpenSshServer;
let shell: ReturnType<typeof shellOver>;
let checks: ServiceChecks;
let isBroken = false;

beforeAll(async () => {
  authority = makeAuthority(root);
  const answers = {
    '/': (_: unknown, response: ServerResponse) =>
      response.writeHead(isBroken ? 503 : 200).end('<p>welcome\nbuild 4711 is live</p>\n'),
    '/moved': (_: unknown, response: ServerResponse) =>
      response.writeHead(301, { location: '/' }).end(),
    '/round': (_: unknown, response: ServerResponse) =>
      response.writeHead(302, { location: '/round' }).end(),
    '/away': (_: unknown, response: ServerResponse) =>
      response.writeHead(302, { location: 'https://elsewhere.example.net/' }).end(),
    '/never': () => undefined,
    '/drip': (_: unknown, response: ServerResponse) => response.writeHead(200).write('a'),
    '/endless': (_: unknown, response: ServerResponse) => {
      const more = (): unknown => response.destroyed || response.write('b'.repeat(65_536), more);
      response.writeHead(200);
      more();
    },
    '/repo/repo.sha256': (_: unknown, response: ServerResponse) =>
      response.writeHead(200, { 'last-modified': new Date().toUTCString() }).end(SHA),
  };
  secure = await webServer(answers, authority.issue(NAME, 20));
  plain = await webServer(answers);
  names = await nameServer();
  names.set(NAME, '127.0.0.1');
  const key = makeKey(join(root, 'id'));
  ssh = await openSshServer({ folder: join(root, 'sshd'), authorized: key });
  const { port, user, hostKeys } = ssh;
  shell = shellOver([{ name: PROBE, ssh: { port, user }, key: hostKeys[0] }], {
    'key-file': join(root, 'id'),
    'state-dir': join(root, 'claims'),
  });
  checks = probeFor(
    { 'ca-file': authority.caFile, resolvers: [`127.0.0.1:${names.port}`] },
    shell.shell,
  );
});

afterAll(async () => {
  await shell.close();
  await Promise.all([secure.stop(), plain.stop(), names.stop(), ssh.stop()]);
  rmSync(root, { recursive: true, force: true });
});

const ask = (path: string, more = {}, by = {}) =>
  checks.probe(checkOf(http(secure.port, { path, ...more }), by), MEMBER, signal);

checkConformance('the prober', async () => {
  isBroken = false;
  return {
    checks,
    check: checkOf(http(secure.port)),
    aim: MEMBER,
    gone: { ...MEMBER, address: '127.0.0.2' },
    breakService: async () => {
      isBroken = true;
    },
    close: async () => {
      isBroken = false;
    },
  };
});

describe('a check of a web server', () => {
  it('asks a member at its address by the public name, in Host and in SNI', async () => {
    expect(await ask('/')).toMatchObject({ kind: 'passed', came: 'HTTP 200' });
    expect(secure.asked.at(-1)).toEqual({ host: `${NAME}:${secure.port}`, sni: NAME });
  });

  it('goes by the public name to where it leads now, and nowhere without one', async () => {
    const check = checkOf(http(secure.port));
    expect(await checks.probe(check, PUBLIC, signal)).toMatchObject({ kind: 'passed' });
    names.set(NAME, '127.0.0.2');
    expect(await checks.probe(check, PUBLIC, signal)).toMatchObject({
      kind: 'failed',
      came: 'connection refused',
    });
    names.set(NAME, undefined);
    expect(await checks.probe(check, PUBLIC, signal)).toMatchObject({
      kind: 'failed',
      came: 'no such name',
    });
    names.set(NAME, '127.0.0.1');
  });

  it('looks into the body for a text or a line', async () => {
    const contains = (text: string) => ask('/', { body: { kind: 'contains', text } });
    const matches = (pattern: string) => ask('/', { body: { kind: 'matches', pattern } });
    expect(await contains('4711 is live')).toMatchObject({ kind: 'passed' });
    expect(await contains('4712')).toMatchObject({ came: 'HTTP 200 without the text' });
    expect(await matches('^build \\d+ is')).toMatchObject({ kind: 'passed' });
    expect(await matches('^welcome$')).toMatchObject({ came: 'HTTP 200 without a matching line' });
  });

  it('follows redirects only when asked, and never to another name', async () => {
    expect(await ask('/moved')).toMatchObject({ kind: 'failed', came: 'HTTP 301' });
    expect(await ask('/moved', { redirects: 1 })).toMatchObject({ kind: 'passed' });
    expect(await ask('/round', { redirects: 3 })).toMatchObject({ came: 'HTTP 302' });
    expect(await ask('/away', { redirects: 1 })).toMatchObject({
      kind: 'failed',
      came: 'a redirect to another name',
    });
  });

  it('waits no longer than it may, whether nothing comes or too little', async () => {
    const soon = { timeoutMs: 200 };
    const late = { kind: 'failed', came: 'nothing within 0.2 s' };
    expect(await ask('/never', {}, soon)).toMatchObject(late);
    expect(await ask('/drip', {}, soon)).toMatchObject(late);
  });

  it('reads only the beginning of what does not end', async () => {
    expect(await ask('/endless')).toMatchObject({ kind: 'passed' });
  });

  it('is stopped while it waits', async () => {
    const stop = new AbortController();
    const before = secure.asked.length;
    const asking = checks.probe(
      checkOf(http(secure.port, { path: '/never' })),
      MEMBER,
      stop.signal,
    );
    await expect.poll(() => secure.asked.length).toBeGreaterThan(before);
    stop.abort(new Error('the lease is lost'));
    await expect(asking).rejects.toThrow('the lease is lost');
  });

  it('goes through no proxy, whatever the environment says', async () => {
    process.env.https_proxy = 'http://127.0.0.1:1';
    try {
      expect(await ask('/')).toMatchObject({ kind: 'passed' });
    } finally {
      delete process.env.https_proxy;
    }
  });

  it.each([
    ['has expired', NAME, -1, undefined, 'a certificate that has expired'],
    ['is for another name', 'mail.example.org', 20, undefined, 'a certificate for another name'],
    ['ends too soon', NAME, 5, 14, 'HTTP 200, a certificate for 4 days more'],
  ])('refuses a certificate that %s', async (_, name, days, wanted, came) => {
    const server = await webServer(
      { '/': (_request, response) => response.end('well') },
      authority.issue(name, days),
    );
    const target = http(server.port, wanted === undefined ? {} : { certificateDays: wanted });
    const result = await checks.probe(checkOf(target), MEMBER, signal);
    await server.stop();
    expect(result).toMatchObject({ kind: 'failed', came });
  });

  it('accepts one that is good for long enough, and none of an unknown authority', async () => {
    expect(await ask('/', { certificateDays: 14 })).toMatchObject({
      kind: 'passed',
      came: 'HTTP 200, a certificate for 19 days more',
    });
    const stranger = probeFor({});
    expect(await stranger.probe(checkOf(http(secure.port)), MEMBER, signal)).toMatchObject({
      kind: 'failed',
      came: 'a certificate of an authority that is not trusted',
    });
  });

  it('says what is spoken to it without TLS', async () => {
    expect(await checks.probe(checkOf(http(plain.port)), MEMBER, signal)).toMatchObject({
      kind: 'failed',
      came: 'no TLS there',
    });
  });
});

describe('a check from another host', () => {
  const from = { from: PROBE };
  const wanted = () => http(plain.port, { scheme: 'http' });

  it('asks a member there by its address with the public name', async () => {
    expect(await checks.probe(checkOf(wanted(), from), MEMBER, signal)).toMatchObject({
      kind: 'passed',
      came: 'HTTP 200',
    });
    expect(plain.asked.at(-1)?.host).toBe(`${NAME}:${plain.port}`);
  });

  it('goes by what the name means there', async () => {
    expect(await checks.probe(checkOf(wanted(), from), PUBLIC, signal)).toMatchObject({
      kind: 'failed',
      came: 'no such name',
    });
  });

  it('says what came there', async () => {
    const gone = { ...MEMBER, address: '127.0.0.2' };
    const asked = (target: ReturnType<typeof http>, aim = MEMBER) =>
      checks.probe(checkOf(target, from), aim, signal);
    expect(await asked(wanted(), gone)).toMatchObject({ came: 'connection refused' });
    expect(await asked({ ...wanted(), path: '/nothing' })).toMatchObject({ came: 'HTTP 404' });
    expect(await asked(http(secure.port))).toMatchObject({
      kind: 'failed',
      came: 'a certificate that is not valid for the name',
    });
  });

  it('reads the index of a repository, and opens connections', async () => {
    const place = { scheme: 'http', port: plain.port, path: '/repo' } as const;
    const repository = {
      kind: 'repository',
      format: 'haiku',
      olderThanMs: 3_600_000,
      ...place,
    } as const;
    expect(await checks.probe(checkOf(repository, from), MEMBER, signal)).toMatchObject({
      kind: 'passed',
      came: 'an index 0 h old',
    });
    const tcp = { kind: 'tcp', port: plain.port } as const;
    expect(await checks.probe(checkOf(tcp, from), MEMBER, signal)).toMatchObject({
      kind: 'passed',
    });
    const gone = { ...MEMBER, address: '127.0.0.2' };
    expect(await checks.probe(checkOf(tcp, from), gone, signal)).toMatchObject({
      kind: 'failed',
      came: 'connection refused',
    });
  });
});
