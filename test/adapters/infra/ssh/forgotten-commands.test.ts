import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Connection, openConnection } from '../../../../src/adapters/infra/ssh/connection.ts';
import { execLine } from '../../../../src/adapters/infra/ssh/exec-line.ts';
import { openTunnel } from '../../../../src/adapters/infra/ssh/tunnel.ts';
import { HostName } from '../../../../src/domain/ids.ts';
import { until } from '../../../until.ts';
import { type FakeSshServer, fakeSshServer, wellBehaved } from './fake-ssh-server.ts';

const LINE = { argv: ['hello'], sudo: false, limitSeconds: 60 };
const NEVER = new AbortController().signal;

let folder: string;
let server: FakeSshServer;
let connection: Connection;

const hop = () => ({
  host: HostName.parse('builder-07'),
  address: '127.0.0.1',
  port: server.port,
  user: 'signalbox',
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-ssh-'));
  const path = join(folder, 'id');
  writeFileSync(path, ssh2.utils.generateKeyPairSync('ed25519').private);
  server = await fakeSshServer(wellBehaved);
  connection = await openConnection(hop(), undefined, {
    login: { kind: 'key-file', path },
    hostKeys: { expected: async () => server.hostKey, replace: async () => {} },
    readyTimeoutMs: 60_000,
    keepaliveMs: 60_000,
  });
});
afterEach(async () => {
  connection.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

setFlagsFromString('--expose_gc');
const collect: () => void = runInNewContext('gc');

const isForgotten = (what: WeakRef<object>) =>
  until(() => {
    collect();
    return what.deref() === undefined;
  }, 10_000);

test('what became of a command is forgotten once it was handed over, though its connection stands', async () => {
  const run = async () => {
    const end = await execLine(connection, {
      line: LINE,
      stdin: '',
      limitMs: 60_000,
      signal: NEVER,
    });
    expect(end).toMatchObject({ kind: 'ended', result: { code: 0, stdout: 'hello\n' } });
    return new WeakRef(end);
  };
  await isForgotten(await run());
  expect(connection.whyGone()).toBeUndefined();
});

test('a tunnel that was refused is forgotten, though the connection to the jump host stands', async () => {
  const refused = async () => {
    const tunnel = openTunnel({ connection, hop: hop() }, hop(), 60_000);
    return new WeakRef<Error>(
      (await tunnel.catch((problem: unknown) => problem as Error)) as Error,
    );
  };
  await isForgotten(await refused());
  expect(connection.whyGone()).toBeUndefined();
});
