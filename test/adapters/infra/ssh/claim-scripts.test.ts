import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatScriptCall } from '../../../../src/adapters/infra/ssh/script-call.ts';
import type { ClaimName } from '../../../../src/jobs/ports/remote-shell.ts';

const CLAIM: ClaimName = { op: 'op-7k2m', step: 'configure', attempt: 1, part: 'a', epoch: 4 };

describe('the claim scripts', () => {
  let root: string;
  let stateDir: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-claims-'));
    stateDir = join(root, 'lib', 'claims');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  async function sh(argv: readonly string[], stdin = '', path = process.env.PATH) {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { env: { ...process.env, PATH: path } });
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code, stdout, stderr };
  }

  interface Start {
    readonly claim?: ClaimName;
    readonly stdin?: string;
    readonly stdinBytes?: number;
    readonly path?: string;
  }

  function start(argv: readonly string[], more: Start = {}) {
    const { claim = CLAIM, stdin = '', stdinBytes = Buffer.byteLength(stdin), path } = more;
    const call = { script: 'start-claim', stateDir, claim, as: 'root', limitSeconds: 0 } as const;
    return sh(formatScriptCall({ ...call, stdinBytes, argv }), stdin, path);
  }
  const read = (claim = CLAIM) => sh(formatScriptCall({ script: 'read-claim', stateDir, claim }));
  const said = async (claim = CLAIM) => (await read(claim)).stdout;
  const ended = (claim = CLAIM) =>
    expect.poll(() => said(claim), { timeout: 10_000 }).not.toBe('running\n');
  const claimPath = (file = '') => join(stateDir, 'op-7k2m.configure.1.a', file);
  const log = () => join(root, 'log');
  const logLine = ['sh', '-c', 'echo ran >>"$0"'];
  const runs = () => (existsSync(log()) ? readFileSync(log(), 'utf8').split('\n').length - 1 : 0);

  it('makes the state directory for nobody else', async () => {
    await start(['true']);
    expect((statSync(stateDir).mode & 0o777).toString(8)).toBe('700');
  });

  it('runs a command once however many start it at the same moment', async () => {
    const command = [...logLine, log()];
    const answers = await Promise.all(Array.from({ length: 12 }, () => start(command)));
    expect(answers.map(({ code, stderr }) => [code, stderr])).toEqual(Array(12).fill([0, '']));
    await ended();
    expect(runs()).toBe(1);
    const left = readdirSync(stateDir, { recursive: true }).map(String);
    expect(left.filter((name) => name.startsWith('.new'))).toEqual([]);
  });

  it('starts afresh after a starter that died before it took the claim', async () => {
    mkdirSync(join(stateDir, '.new.abcdef'), { recursive: true });
    writeFileSync(join(stateDir, '.new.abcdef', 'stdin'), '');
    await start([...logLine, log()]);
    await ended();
    expect(runs()).toBe(1);
  });

  it('removes what starters gave up more than a day ago, and nothing younger', async () => {
    const old = join(stateDir, '.new.aaaaaa');
    const young = join(stateDir, '.new.bbbbbb');
    for (const path of [old, young]) mkdirSync(path, { recursive: true });
    utimesSync(old, 1, 1);
    await start(['true']);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it('starts nothing when the runner cannot be started', async () => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'setsid'), '#!/bin/sh\necho no session >&2; exit 1\n', { mode: 0o755 });
    const failed = await start([...logLine, log()], { path: `${bin}:${process.env.PATH}` });
    expect(failed).toEqual({ code: 73, stdout: '', stderr: 'no session\n' });
    expect(await said()).toBe('absent\n');
    expect(readdirSync(stateDir)).toEqual(['op-7k2m.epochs']);
  });

  it('starts nothing when stdin comes short, as it does when the connection breaks', async () => {
    const short = await start([...logLine, log()], { stdin: 'abc', stdinBytes: 4 });
    expect(short).toEqual({ code: 73, stdout: '', stderr: 'stdin came short\n' });
    expect([await said(), runs()]).toEqual(['absent\n', 0]);
  });

  it('removes the command’s stdin, which may be secret, from the claim', async () => {
    await start(['cat'], { stdin: 'secret' });
    await ended();
    expect(await said()).toBe('exited 0\nsecret');
    expect(existsSync(claimPath('stdin'))).toBe(false);
  });

  it('gives a command that was started under the usual umask its umask back', async () => {
    await start(['sh', '-c', 'umask']);
    await ended();
    expect(await said()).toBe(`exited 0\n${process.umask().toString(8).padStart(4, '0')}\n`);
  });

  it('keeps the last 64 KiB of the output', async () => {
    await start(['sh', '-c', 'head -c 100000 /dev/zero | tr "\\0" x; echo end']);
    await ended();
    const output = (await said()).slice('exited 0\n'.length);
    expect([output.length, output.endsWith('xend\n')]).toEqual([65_536, true]);
    expect(statSync(claimPath('output')).size).toBe(65_536);
  });

  it('calls a claim lost whose process is gone without an exit code', async () => {
    await start(['sleep', '30']);
    process.kill(-pidOf(), 'SIGKILL');
    await ended();
    expect(await said()).toBe('lost its process is gone and left no exit code\n');
    await start([...logLine, log()]);
    expect(runs()).toBe(0);
  });

  it('calls a claim lost that was left between taking it and starting the command', async () => {
    await start(['true']);
    await ended();
    for (const file of ['exit', 'pid']) rmSync(claimPath(file));
    expect((await read()).stdout).toBe('lost its process is gone and left no exit code\n');
  });

  it('does not take a later process with the same pid for the one that was started', async () => {
    await start(['true']);
    await ended();
    rmSync(claimPath('exit'));
    writeFileSync(claimPath('pid'), `${process.pid} 1\n`);
    expect(await said()).toBe('lost its process is gone and left no exit code\n');
  });

  it('calls a claim of another boot lost, unless it had ended before', async () => {
    await start(['sleep', '30']);
    writeFileSync(claimPath('boot-id'), '11111111-2222-3333-4444-555555555555\n');
    expect(await said()).toBe('lost the host was restarted\n');
    process.kill(-pidOf(), 'SIGKILL');
    writeFileSync(claimPath('exit'), '3\n');
    expect(await said()).toBe('exited 3\n');
  });

  it('writes down the epoch of a successor', async () => {
    await start(['true']);
    await start(['true'], { claim: { ...CLAIM, epoch: 10 } });
    expect(readFileSync(claimPath('epoch'), 'utf8')).toBe('10\n');
  });

  it('refuses an older epoch with its own exit code, also for a claim that does not exist', async () => {
    await read({ ...CLAIM, epoch: 10 });
    const refused = { code: 75, stdout: 'superseded 10\n', stderr: '' };
    expect(await start([...logLine, log()])).toEqual(refused);
    expect(await read()).toEqual(refused);
    expect(await start(['true'], { claim: { ...CLAIM, op: 'op-8888' } })).toMatchObject({
      code: 0,
    });
    expect(runs()).toBe(0);
  });

  it('starts nothing when a newer epoch comes while the claim is being taken', async () => {
    const bin = join(root, 'bin');
    mkdirSync(bin);
    // A mv that is overtaken: the newer epoch is on the fence before the claim is in place.
    const mv = `#!/bin/sh\n: >${stateDir}/op-7k2m.epochs/9\nexec /bin/mv "$@"\n`;
    writeFileSync(join(bin, 'mv'), mv, { mode: 0o755 });
    const overtaken = await start([...logLine, log()], { path: `${bin}:${process.env.PATH}` });
    expect(overtaken).toMatchObject({ code: 75, stdout: 'superseded 9\n' });
    const successor = { ...CLAIM, epoch: 9 };
    expect(await said(successor)).toBe('lost a newer epoch came before it was started\n');
    expect(runs()).toBe(0);
  });

  function pidOf(): number {
    return Number(readFileSync(claimPath('pid'), 'utf8').split(' ')[0]);
  }

  describe('and the one that puts a file', () => {
    const DIGEST = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const put = (path: string, stdin: string) => {
      const owner = `${process.getuid?.()}:${process.getgid?.()}`;
      const call = { script: 'put-file', path, mode: '640', owner, sha256: DIGEST } as const;
      return sh(formatScriptCall(call), stdin);
    };

    it('leaves the old file when the content comes short, and nothing beside it', async () => {
      writeFileSync(log(), 'old');
      const short = await put(log(), 'ab');
      expect(short).toEqual({ code: 73, stdout: '', stderr: 'the content came short\n' });
      expect([readFileSync(log(), 'utf8'), readdirSync(root)]).toEqual(['old', ['log']]);
    });

    it('replaces the file by another one, so that a reader keeps the one it has open', async () => {
      writeFileSync(log(), 'old');
      const { ino } = statSync(log());
      expect(await put(log(), 'abc')).toEqual({ code: 0, stdout: 'written\n', stderr: '' });
      expect(statSync(log()).ino).not.toBe(ino);
      expect((statSync(log()).mode & 0o777).toString(8)).toBe('640');
    });

    it('does not touch a file that is as it should be', async () => {
      await put(log(), 'abc');
      const { ino } = statSync(log());
      expect(await put(log(), 'abc')).toEqual({ code: 0, stdout: 'unchanged\n', stderr: '' });
      expect(statSync(log()).ino).toBe(ino);
      appendFileSync(log(), 'd');
      expect((await put(log(), 'abc')).stdout).toBe('written\n');
    });
  });
});
