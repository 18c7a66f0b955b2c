import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeAnswer, encodeFault } from '../../../../src/adapters/infra/koji/encode-xml-rpc.ts';
import { kojiSession } from '../../../../src/adapters/infra/koji/session.ts';
import { startKojiHub } from '../../../../src/adapters/simulated/koji-hub/koji-hub.ts';
import { labState } from './koji-lab.ts';

// The real curl, Kerberos and Apache are in test/servers/koji; here is what they cannot be made to do.

const signal = new AbortController().signal;
const TOKEN = 'YIIC5wYGKwYBBQUCoIIC2zCC';
const REPLY = { 'session-id': 1, 'session-key': 'k<ey', 'header-auth': true };

interface FakeCurl {
  readonly answer?: string;
  readonly status?: string;
  readonly address?: string;
  readonly stderr?: string;
  readonly code?: number;
}

/** A curl that notes what it was given, and answers what it is told. */
function fakeCurl(folder: string, fake: FakeCurl): void {
  const { answer = '', status = '200', address = '127.0.0.1', stderr = '', code = 0 } = fake;
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put('answer', `${answer}\n${status} ${address}`);
  put('stderr', stderr);
  const script = `#!/bin/sh
cd '${folder}' || exit 99
printf '%s\\n' "$@" > argv
/usr/bin/env > env
/bin/cat > stdin
/bin/cat "$HOME/.k5identity" > identity
/bin/cat stderr >&2
/bin/cat answer
exit ${code}
`;
  put('curl', script);
  chmodSync(join(folder, 'curl'), 0o755);
}

async function loginWith(fake: FakeCurl | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'fake-curl-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (fake !== undefined) fakeCurl(folder, fake);
  vi.stubEnv('PATH', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const keytabFile = join(folder, 'bot.keytab');
  writeFileSync(keytabFile, '');
  const hub = await startKojiHub({ state: labState(), users: [], host: '127.0.0.1', port: 0 });
  onTestFinished(() => hub.close());
  const url = new URL(hub.url);
  url.hostname = 'localhost';
  const session = kojiSession({
    hub: url,
    login: { kind: 'gssapi', from: { kind: 'keytab', keytabFile, principal: 'bot@LAB.TEST' } },
    timeoutMs: 10_000,
  });
  const noted = (name: string) => readFileSync(join(folder, name), 'utf8');
  const call = () => session.read({ method: 'getAPIVersion', params: [] }, signal);
  return { call, noted, hub, at: url.host, keytabFile, folder };
}

describe('GSSAPI through curl', () => {
  it('gives curl the call on its stdin and nothing secret among its words', async () => {
    vi.stubEnv('SIGNALBOX_SECRET_KOJI', 'hunter2');
    const { call, noted, at, keytabFile } = await loginWith({ answer: encodeAnswer(REPLY) });
    await expect(call()).rejects.toMatchObject({ code: 'koji.refused' });
    expect(noted('stdin')).toContain('<methodName>sslLogin</methodName>');
    expect(noted('argv')).toContain(`--url\nhttp://${at}/kojihub/ssllogin\n`);
    expect(noted('argv')).not.toContain('bot');
    expect(noted('env')).toContain(`KRB5_CLIENT_KTNAME=${keytabFile}\n`);
    expect(noted('env')).toContain('KRB5CCNAME=MEMORY:signalbox\n');
    expect(noted('env')).not.toContain('hunter2');
    expect(noted('identity')).toBe('bot@LAB.TEST\n');
  });

  it('stays with the kind of address that the hub has seen at the login', async () => {
    const { call, hub } = await loginWith({ answer: encodeAnswer(REPLY), address: '::1' });
    await expect(call()).rejects.toMatchObject({
      code: 'koji.no-answer',
      message: expect.stringMatching(
        /could not be sent getAPIVersion: (?:connect E\w+ ::1|getaddrinfo)/,
      ),
    });
    expect(hub.carriedOut()).toEqual([]);
  });

  it('says that there is no curl', async () => {
    const { call, at } = await loginWith(undefined);
    await expect(call()).rejects.toMatchObject({
      code: 'koji.no-curl',
      effect: 'none',
      message: `the bot cannot log in to koji at ${at} by GSSAPI: curl: ENOENT`,
    });
  });

  it('says that curl has no GSS-API', async () => {
    const stderr = "curl: option --negotiate: the installed libcurl version doesn't support this\n";
    const { call } = await loginWith({ stderr, code: 2 });
    await expect(call()).rejects.toMatchObject({
      code: 'koji.no-curl',
      message: expect.stringMatching(/libcurl version doesn't support this$/),
    });
  });

  it('takes fault 1023 and 1002 for a refused login', async () => {
    for (const [code, text] of [
      [1023, 'unable to obtain a session'],
      [1002, 'Unknown user: bot@LAB.TEST'],
    ] as const) {
      const { call } = await loginWith({ answer: encodeFault(code, text) });
      await expect(call()).rejects.toMatchObject({
        code: 'koji.login',
        message: expect.stringMatching(new RegExp(`: ${text}$`)),
      });
    }
  });

  it('passes on words that it does not know, and never the ticket', async () => {
    const stderr = `* gss_init_sec_context() failed: Unspecified. KDC has no support for encryption type. \n> Authorization: Basic ${TOKEN}\n`;
    const { call } = await loginWith({ stderr, status: '401' });
    const failure = await call().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'koji.no-ticket',
      message: expect.stringMatching(/: KDC has no support for encryption type$/),
    });
  });

  it.each([
    ['a server that refuses the ticket', { status: '401' }],
    ['a server that fails', { status: '502' }],
    ['a curl that crashes', { code: 56 }],
    ['an answer that is none', { answer: 'hello' }],
  ])('shows the ticket to nobody after %s', async (_what, fake) => {
    const stderr = `> Authorization: Negotiate ${TOKEN}\ncurl: (56) lost\n`;
    const { call } = await loginWith({ stderr, ...fake });
    const failure = await call().catch((error: unknown) => error);
    expect(failure).toMatchObject({ effect: 'none' });
    expect(withCauses(failure)).not.toContain(TOKEN);
  });

  it('leaves no folder behind', async () => {
    const { call, noted } = await loginWith({ code: 7, stderr: 'curl: (7) refused\n' });
    await expect(call()).rejects.toMatchObject({ code: 'koji.no-answer' });
    const home = /^HOME=(.+)$/m.exec(noted('env'))?.[1] ?? '';
    expect(home).toContain('signalbox-kerberos-');
    expect(existsSync(home)).toBe(false);
  });
});

/** All that a log could show of it. */
function withCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error)} ${withCauses(error.cause)}`;
}
