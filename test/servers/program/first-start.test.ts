import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StatusJson } from '../../bot/status/status-schema.ts';
import { emptyFolder } from './empty-folder.ts';
import { PATIENCE_MS } from './eventually.ts';
import { realRedis } from './real-redis.ts';
import { nodes, run, signalbox } from './signalbox.ts';

describe.concurrent.each(nodes())(
  'signalbox started with Node %s',
  { timeout: PATIENCE_MS },
  (_version, node) => {
    it('writes a first configuration that checks green with a server of its own, which ends with it', async (context) => {
      const cwd = await emptyFolder(context);
      const written = await run(['init'], { cwd, node });
      expect(written).toEqual({
        code: 0,
        out: 'wrote signalbox.yaml\nwrote inventory.yaml\nwrote people.yaml\nLook at them, then: signalbox check\n',
        err: '',
      });
      const checked = await run(['check'], { cwd, node });
      expect(checked.out).toMatch(
        /^ok {4}configuration: .*\nok {4}inventory: .*\nok {4}store: Redis in .*var\n/,
      );
      expect(checked.out).not.toContain('FAIL');
      expect(checked).toMatchObject({ code: 0, err: '' });
      expect(existsSync(join(cwd, 'var', 'redis.sock'))).toBe(false);
    });

    it('answers at its terminal, and stops in order at Ctrl-C', async (context) => {
      const cwd = await emptyFolder(context);
      await run(['init'], { cwd, node });
      const started = signalbox(['start'], { cwd, node });
      context.onTestFinished(() => started.clear());
      await started.prints(/start is up, with Redis in/);
      started.type('!status');
      await started.prints(/<signalbox> 3 hosts in 1 pool/);
      await started.prints(/@web: 3 hosts\s/);
      const beside = await run(['hostkey', 'accept', 'web-01', 'SHA256:x'], { cwd, node });
      expect(beside.err).toContain('staging has no shell');
      const status = await run(['status', '--json'], { cwd, node });
      expect(status).toMatchObject({ code: 0, err: '' });
      const { pools } = StatusJson.parse(JSON.parse(status.out));
      expect(pools).toMatchObject([
        { name: 'web', hosts: 3, buildSystem: 'none', inService: null },
      ]);
      started.interrupt();
      expect(await started.ends()).toBe(0);
      expect(existsSync(join(cwd, 'var', 'redis.sock'))).toBe(false);
    });

    it('reloads at SIGHUP to the process that was started, and goes on', async (context) => {
      const cwd = await emptyFolder(context);
      await run(['init'], { cwd, node });
      const started = signalbox(['start'], { cwd, node });
      context.onTestFinished(() => started.clear());
      await started.prints(/start is up, with Redis in/);
      await appendFile(join(cwd, 'inventory.yaml'), 'hosts: again\n');
      started.child.kill('SIGHUP');
      await started.prints(/SIGHUP: not reloaded, what was in use stays\\ninventory.yaml:\d+:1/);
      await writeFile(join(cwd, 'inventory.yaml'), 'hosts: { web-01: { zone: elsewhere } }\n');
      started.child.kill('SIGHUP');
      await started.prints(/a worker of elsewhere starts, too/);
      await started.prints(/SIGHUP: reloaded, /);
      started.type('!status');
      await started.prints(/<signalbox> 1 host in 0 pools/);
      started.interrupt();
      expect(await started.ends()).toBe(0);
    });
  },
);

describe.concurrent('signalbox refuses', () => {
  it('to write over what is there, and writes nothing', async (context) => {
    const cwd = await emptyFolder(context);
    await writeFile(join(cwd, 'people.yaml'), 'mine');
    expect(await run(['init'], { cwd })).toEqual({
      code: 1,
      out: '',
      err: 'signalbox: Nothing was written: people.yaml is there already. Name an empty folder, or move what is there out of the way.\n',
    });
    expect(await readFile(join(cwd, 'people.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(join(cwd, 'signalbox.yaml'))).toBe(false);
  });

  it('a command that there is not, and names the nearest', async (context) => {
    const { code, err } = await run(['chekc'], { cwd: await emptyFolder(context) });
    expect(err).toContain("error: unknown command 'chekc'\n(Did you mean check?)\n");
    expect(code).toBe(1);
  });

  it('to start without its configuration', async (context) => {
    const { code, err } = await run(['start'], { cwd: await emptyFolder(context) });
    expect(err).toBe(
      'signalbox.yaml:1:1: "signalbox.yaml" does not exist; create it, or run "signalbox init" for a first configuration\n',
    );
    expect(code).toBe(1);
  });

  it('to start without a store', async (context) => {
    const cwd = await emptyFolder(context);
    await run(['init'], { cwd });
    expect(await run(['start'], { cwd, env: { PATH: cwd } })).toEqual({
      code: 1,
      out: '',
      err: 'signalbox: There is no store: REDIS_URL is not set, and neither redis-server nor valkey-server is on the PATH. Set REDIS_URL to a Redis or Valkey, or install one (Debian: `apt install redis-server`).\n',
    });
  });

  it('to start with a store that would lose things', async (context) => {
    const cwd = await emptyFolder(context);
    const redis = await realRedis({ appendonly: 'no' });
    context.onTestFinished(() => redis.close());
    await run(['init'], { cwd });
    const { code, err } = await run(['start'], { cwd, env: { REDIS_URL: redis.url } });
    expect(err).toMatch(
      /^signalbox: Redis at 127\.0\.0\.1:\d+ may lose what it acknowledged: appendonly is no, not yes\. Set `appendonly yes`/,
    );
    expect(code).toBe(1);
  });

  it('to start with a store that is away', async (context) => {
    const cwd = await emptyFolder(context);
    await run(['init'], { cwd });
    const env = { REDIS_URL: 'redis://127.0.0.1:1' };
    const { code, err } = await run(['start'], { cwd, env });
    expect(err).toMatch(
      /signalbox: The store did not answer: there is no connection to it\. Nothing was changed\. Check that Redis runs and can be reached, then try again\.\n$/,
    );
    expect(code).toBe(1);
  });

  it('a worker for a zone that there is not, and ends', async (context) => {
    const cwd = await emptyFolder(context);
    await run(['init'], { cwd });
    const { code, err } = await run(['worker', '--zone', 'nowhere'], { cwd });
    expect(err).toBe(
      'signalbox: there is no zone nowhere: the inventory has staging. Name one with --zone.\n',
    );
    expect(code).toBe(1);
    expect(existsSync(join(cwd, 'var', 'redis.sock'))).toBe(false);
  });
});
