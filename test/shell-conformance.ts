import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostName } from '../src/domain/ids.ts';
import type { ClaimedRun, ClaimName, RemoteShell } from '../src/jobs/ports/remote-shell.ts';
import { PATIENCE_MS } from './servers/program/eventually.ts';

export interface ShellWorld {
  readonly shell: RemoteShell;
  readonly host: HostName;
  /** A folder on the host that is empty and may be written to. */
  readonly folder: string;
  /** An owner that files there may be given, as `user:group`. */
  readonly owner: string;
  /** Ends every connection to the host, as a broken network does. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

export interface ShellAbilities {
  /** The host runs any program that a POSIX system has. A simulated host knows `true`, `false` and `sleep`. */
  readonly runs: 'every program' | 'a few programs';
}

const forTheTest = () => AbortSignal.timeout(PATIENCE_MS);

/** What every RemoteShell does alike. */
export function shellConformance(
  name: string,
  { runs }: ShellAbilities,
  open: () => Promise<ShellWorld>,
): void {
  describe(`${name} is a remote shell`, () => {
    let world: ShellWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());

    const run = (argv: readonly string[], more: { stdin?: string | Uint8Array } = {}) =>
      world.shell.run(world.host, { argv, ...more }, forTheTest());

    it('gives the exit code of a command that succeeds', async () => {
      expect(await run(['true'])).toEqual({ code: 0, stdout: '', stderr: '', truncated: false });
    });

    it('gives the exit code of a command that fails, and throws nothing', async () => {
      expect((await run(['false'])).code).toBe(1);
    });

    it('runs several commands at once', async () => {
      const results = await Promise.all(Array.from({ length: 30 }, () => run(['true'])));
      expect(results.map(({ code }) => code)).toEqual(Array(30).fill(0));
    });

    it('stops waiting at once when told to, and does not know what became of the command', async () => {
      const controller = new AbortController();
      const running = world.shell.run(world.host, { argv: ['sleep', '20'] }, controller.signal);
      const told = expect(running).rejects.toMatchObject({
        code: 'ssh.aborted',
        effect: 'unknown',
      });
      await run(['true']);
      controller.abort();
      await told;
    });

    it('starts nothing when it was told to stop before', async () => {
      const running = world.shell.run(world.host, { argv: ['true'] }, AbortSignal.abort());
      await expect(running).rejects.toMatchObject({ code: 'ssh.aborted', effect: 'none' });
    });

    it('stops a command that takes too long', async () => {
      const command = { argv: ['sleep', '20'], timeoutMs: 1_000 };
      const running = world.shell.run(world.host, command, forTheTest());
      await expect(running).rejects.toMatchObject({
        code: 'ssh.timeout',
        effect: 'unknown',
        message: `sleep on ${world.host} did not finish: it was stopped after 1 s`,
      });
    });

    it('does not know what became of a command whose connection is lost, and connects again for the next', async () => {
      const running = run(['sleep', '20']);
      const lost = expect(running).rejects.toMatchObject({ code: 'ssh.lost', effect: 'unknown' });
      await run(['true']);
      await world.cut();
      await lost;
      expect((await run(['true'])).code).toBe(0);
    });

    it('serves a host that was forgotten', async () => {
      await world.shell.forget(world.host);
      expect((await run(['true'])).code).toBe(0);
    });

    it('writes a file once and finds it unchanged the second time', async () => {
      const file = { path: `${world.folder}/a`, content: 'a\n', mode: '0600', owner: world.owner };
      expect(await world.shell.putFile(world.host, file, forTheTest())).toBe('written');
      expect(await world.shell.putFile(world.host, file, forTheTest())).toBe('unchanged');
    });

    it.each([{ content: 'b\n' }, { mode: '0640' }])(
      'writes a file again for %o',
      async (change) => {
        const path = `${world.folder}/${randomUUID()}`;
        const file = { path, content: 'a\n', mode: '0600', owner: world.owner };
        await world.shell.putFile(world.host, file, forTheTest());
        const changed = { ...file, ...change };
        expect(await world.shell.putFile(world.host, changed, forTheTest())).toBe('written');
      },
    );

    it('says why a file cannot be written', async () => {
      const file = { path: '/no/such/folder/a', content: '', mode: '0600', owner: world.owner };
      await expect(world.shell.putFile(world.host, file, forTheTest())).rejects.toMatchObject({
        code: 'ssh.file-not-written',
        effect: 'none',
      });
    });

    let operations = 0;
    function newClaim(): ClaimName {
      operations += 1;
      const op = `op-${randomUUID().slice(0, 8)}${operations}`;
      return { op, step: 'configure', attempt: 1, part: 'first', epoch: 4 };
    }
    const start = (claim: ClaimName, argv: readonly string[]) =>
      world.shell.startClaimed(world.host, claim, { argv }, forTheTest());
    const read = (claim: ClaimName) => world.shell.readClaimed(world.host, claim, forTheTest());
    async function end(claim: ClaimName): Promise<ClaimedRun | undefined> {
      return expect
        .poll(() => read(claim), { timeout: PATIENCE_MS })
        .not.toEqual({ kind: 'running' })
        .then(() => read(claim));
    }

    it('has nothing under a claim that was never made', async () => {
      expect(await read(newClaim())).toBeUndefined();
    });

    it.each([
      ['true', 0],
      ['false', 1],
    ])('keeps the exit code of %s under its claim', async (program, code) => {
      const claim = newClaim();
      await start(claim, [program]);
      expect(await end(claim)).toEqual({ kind: 'exited', code, output: '' });
    });

    it('finds what came of a claim instead of running the command again', async () => {
      const claim = newClaim();
      await start(claim, ['false']);
      await end(claim);
      expect(await start(claim, ['true'])).toEqual({ kind: 'exited', code: 1, output: '' });
    });

    it('runs a claimed command on when the connection is lost', async () => {
      const claim = newClaim();
      expect(await start(claim, ['sleep', '8'])).toEqual({ kind: 'running' });
      await world.cut();
      expect(await read(claim)).toEqual({ kind: 'running' });
      expect(await end(claim)).toEqual({ kind: 'exited', code: 0, output: '' });
    });

    it('lets a successor with a newer epoch find the claim, and refuses the older one from then on', async () => {
      const claim = newClaim();
      await start(claim, ['true']);
      await end(claim);
      const successor = { ...claim, epoch: 5 };
      expect(await start(successor, ['false'])).toEqual({ kind: 'exited', code: 0, output: '' });
      const superseded = {
        code: 'ssh.claim-superseded',
        effect: 'none',
        message: `${world.host} refused configure of ${claim.op}: epoch 5 has been there and this is epoch 4`,
      };
      await expect(start(claim, ['true'])).rejects.toMatchObject(superseded);
      await expect(read(claim)).rejects.toMatchObject(superseded);
    });

    it('refuses an older epoch for another step of the same operation, and starts nothing', async () => {
      const claim = newClaim();
      await read({ ...claim, epoch: 5 });
      const other = { ...claim, step: 'other' };
      await expect(start(other, ['true'])).rejects.toMatchObject({ code: 'ssh.claim-superseded' });
      expect(await read({ ...other, epoch: 5 })).toBeUndefined();
    });

    it('tells attempts, parts and steps with similar names apart', async () => {
      const claim = newClaim();
      await start({ ...claim, step: 'a', part: '2-b' }, ['true']);
      expect(await read({ ...claim, step: 'a-1', attempt: 2, part: 'b' })).toBeUndefined();
      expect(await read({ ...claim, step: 'a', part: '2-b', attempt: 2 })).toBeUndefined();
    });

    if (runs === 'every program') describePrograms(() => world);
  });
}

function describePrograms(world: () => ShellWorld): void {
  const run = (
    argv: readonly string[],
    more: { stdin?: string | Uint8Array; asRoot?: boolean } = {},
  ) => world().shell.run(world().host, { argv, ...more }, forTheTest());

  it('gives every exit code as it is, 124 and 137 of the command itself too', async () => {
    const patience = AbortSignal.timeout(180_000);
    const codes = Array.from({ length: 256 }, (_, code) => code);
    const { shell, host } = world();
    const ended = codes.map((code) =>
      shell.run(host, { argv: ['sh', '-c', `exit ${code}`] }, patience),
    );
    expect((await Promise.all(ended)).map(({ code }) => code)).toEqual(codes);
  }, 300_000);

  it.each([
    ['TERM', 143],
    ['KILL', 137],
  ])('gives 128 and the number for a command that SIG%s ended', async (signal, code) => {
    expect((await run(['sh', '-c', `kill -${signal} $$`])).code).toBe(code);
  });

  it('passes words on as they are', async () => {
    const words = [
      '',
      ' a  b ',
      "it's",
      '$HOME `id` $(id) "x" \\',
      '*',
      '-n',
      'ä\n\tü',
      '#',
      '~',
      '!!',
    ];
    const { stdout } = await run(['printf', '[%s]', ...words]);
    expect(stdout).toBe(words.map((word) => `[${word}]`).join(''));
  });

  it('refuses a word with a NUL', async () => {
    await expect(run(['echo', 'a\0b'])).rejects.toThrow(
      'A command\'s word must not contain a NUL: "a\\u0000b"',
    );
  });

  it('keeps stdout and stderr apart and trims neither', async () => {
    const { stdout, stderr } = await run(['sh', '-c', 'echo " out "; echo err >&2']);
    expect([stdout, stderr]).toEqual([' out \n', 'err\n']);
  });

  it('ends stdin after what was given', async () => {
    const stdin = new Uint8Array(300_000).fill(97);
    expect((await run(['wc', '-c'], { stdin })).stdout.trim()).toBe('300000');
    expect((await run(['wc', '-c'])).stdout.trim()).toBe('0');
  });

  it('gives the result of a command that does not read its stdin', async () => {
    const stdin = new Uint8Array(3_000_000).fill(97);
    expect((await run(['sh', '-c', 'exit 3'], { stdin })).code).toBe(3);
  });

  it('keeps beginning and end of a flood', async () => {
    const flood = 'echo begin; head -c 200000000 /dev/zero | tr "\\0" x; echo; echo end';
    const { code, stdout, truncated } = await run(['sh', '-c', flood]);
    expect([code, truncated]).toEqual([0, true]);
    expect(stdout.length).toBeLessThan(300_000);
    expect(stdout.startsWith('begin\nxxx')).toBe(true);
    expect(stdout.endsWith('xxx\nend\n')).toBe(true);
  });

  it('does not wait for a daemon that keeps the output open', async () => {
    const { code, stdout } = await run(['sh', '-c', 'sleep 20 & echo started']);
    expect([code, stdout]).toEqual([0, 'started\n']);
  });

  it('leaves nothing running that was stopped for taking too long', async () => {
    const mark = `${world().folder}/${randomUUID()}`;
    const argv = ['sh', '-c', `echo $$ >${mark}; sleep 30`];
    const command = { argv, timeoutMs: 1_000 };
    const running = world().shell.run(world().host, command, forTheTest());
    await expect(running).rejects.toMatchObject({ code: 'ssh.timeout' });
    const alive = await run(['sh', '-c', `kill -0 "$(cat ${mark})"`]);
    expect(alive.code).toBe(1);
  });

  it('puts content, mode and owner of a file in place', async () => {
    const path = `${world().folder}/with space's`;
    const content = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const owner = world().owner;
    await world().shell.putFile(world().host, { path, content, mode: '0640', owner }, forTheTest());
    const { stdout } = await run(['stat', '-c', '%a %U:%G %s', path]);
    expect(stdout).toBe(`640 ${owner} 256\n`);
    const left = await run(['find', world().folder, '-name', '.signalbox*']);
    expect(left.stdout).toBe('');
  });

  it('gives a claimed command its stdin and keeps its output', async () => {
    const op = `op-${randomUUID().slice(0, 8)}`;
    const claim = { op, step: 'a', attempt: 1, part: 'b', epoch: 1 };
    const argv = ['sh', '-c', 'cat; echo err >&2; exit 7'];
    await world().shell.startClaimed(world().host, claim, { argv, stdin: 'in\n' }, forTheTest());
    await expect
      .poll(() => world().shell.readClaimed(world().host, claim, forTheTest()), {
        timeout: PATIENCE_MS,
      })
      .toEqual({ kind: 'exited', code: 7, output: 'in\nerr\n' });
  });

  it('runs a claimed command once when two start it at the same moment', async () => {
    const path = `${world().folder}/${randomUUID()}`;
    const op = `op-${randomUUID().slice(0, 8)}`;
    const claim = { op, step: 'a', attempt: 1, part: 'b', epoch: 1 };
    const argv = ['sh', '-c', `echo once >>${path}`];
    const starts = Array.from({ length: 6 }, () =>
      world().shell.startClaimed(world().host, claim, { argv }, forTheTest()),
    );
    await Promise.all(starts);
    await expect
      .poll(() => world().shell.readClaimed(world().host, claim, forTheTest()), {
        timeout: PATIENCE_MS,
      })
      .toMatchObject({ kind: 'exited', code: 0 });
    expect((await run(['cat', path])).stdout).toBe('once\n');
  });

  it('ends a claimed command at its limit', async () => {
    const op = `op-${randomUUID().slice(0, 8)}`;
    const claim = { op, step: 'a', attempt: 1, part: 'b', epoch: 1 };
    const command = { argv: ['sleep', '20'], timeoutMs: 1_000 };
    await world().shell.startClaimed(world().host, claim, command, forTheTest());
    await expect
      .poll(() => world().shell.readClaimed(world().host, claim, forTheTest()), {
        timeout: PATIENCE_MS,
      })
      .toEqual({ kind: 'exited', code: 124, output: '' });
  });
}
