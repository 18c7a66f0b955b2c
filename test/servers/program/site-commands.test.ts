import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint, keyBlob } from '../../../src/adapters/infra/ssh/host-key.ts';
import { effectsOf } from './effects-of.ts';
import { anaIsHere, knowFarm, labSite } from './lab-site.ts';
import { run, signalbox } from './signalbox.ts';

const HOST = 'builder-08';
const MINUTE = 60_000;

describe.concurrent('signalbox at a site', () => {
  it('checks every connection and says what that enables', async (context) => {
    const { code, out } = await run(['check'], await labSite(context));
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.split(': ')[0])).toEqual([
      'ok    configuration',
      'ok    inventory',
      'ok    store',
      'ok    signing',
      'ok    staging farm',
      'ok    staging shell',
      'ok    staging witness',
      'ok    staging installer',
      'ok    staging reports',
      'ok    staging hypervisor',
      // The lab has no Ansible.
      'no    staging configure of hosts',
      'ok    staging reimage on metal',
      'ok    staging reimage on virtual hosts',
    ]);
    expect(lines.slice(-2).map((line) => line.split(': ')[1])).toEqual(['enabled', 'enabled']);
    expect(code).toBe(0);
  });

  it('ends with 1 and names the hub when that is down', async (context) => {
    const site = await labSite(context);
    await site.farm.hub.close();
    const { code, out } = await run(['check'], site);
    expect(out).toMatch(/^FAIL {2}staging farm: .*(koji|hub)/m);
    expect(out.match(/^FAIL/gm)).toHaveLength(1);
    expect(code).toBe(1);
    // It says so too, which is no failure of saying.
    expect(await run(['status'], site)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^@builders: \d+ hosts, the build system does not answer$/m),
    });
    await site.redis.kill();
    expect(await run(['status', '--json'], site)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('signalbox: The store did not answer: '),
    });
  });

  it('says what somebody may do, from a terminal and without a bot, and tries a table of that', async (context) => {
    const site = await labSite(context);
    const as = (...words: readonly string[]) => run(['check', '--as', ...words], site);
    const asked = await as('ana', `reimage ${HOST}`);
    expect(asked.out).toMatch(/^signalbox\.yaml:\d+: grants it with 1 of sysadmin-builders$/m);
    expect(asked.out).toMatch(/^could approve it now: .*\bben\b/m);
    expect(asked.code).toBe(0);
    expect(await as('kim', `reimage ${HOST}`)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^refused: kim is in /m),
    });
    expect((await as('nobody-there', `reimage ${HOST}`)).code).toBe(2);
    expect((await as('ana')).code).toBe(2);
    const table = join(site.cwd, 'rule-tests.yaml');
    await writeFile(
      table,
      `- { who: ana, command: reimage ${HOST}, expect: approvals 1 from sysadmin-builders }\n- { who: kim, command: reimage ${HOST}, expect: allow }\n`,
    );
    expect(await run(['check', '--rules', table], site)).toMatchObject({
      code: 1,
      out: expect.stringMatching(
        /^rule-tests\.yaml:2: kim: reimage .*: expected allow, and it is refuse because .*\n1 of 2 rows are as expected\n$/s,
      ),
    });
  });

  it('puts a host key on record only with the fingerprint that the host shows', async (context) => {
    const site = await labSite(context);
    const key = site.farm.fleet.host(HOST).system.hostKey.publicKey;
    const shown = fingerprint(keyBlob(key));
    const wrong = fingerprint(Buffer.from('another'));
    const accept = (host: string, print: string) => run(['hostkey', 'accept', host, print], site);
    expect(await accept(HOST, wrong)).toEqual({
      code: 1,
      out: '',
      err: `signalbox: ${HOST} does not show that key: it shows ${shown}, accepted was to be ${wrong}. Compare both with the fingerprint on the console of ${HOST}.\n`,
    });
    expect(await accept(HOST, shown)).toEqual({
      code: 0,
      out: `${HOST} has to show ${shown} from now on\n`,
      err: '',
    });
    expect((await accept(HOST, shown)).out).toBe(
      `${HOST} shows the key that is on record already\n`,
    );
    expect(await accept('builder-80', shown)).toMatchObject({
      code: 1,
      err: 'signalbox: there is no host builder-80: the nearest is builder-10. Name a host of the inventory.\n',
    });
  });

  it('carries out a reimage with a bot and a worker of its zone, and both stop in order', async (context) => {
    const site = await labSite(context);
    await anaIsHere(site.farm);
    await knowFarm(site);
    const [bot, worker] = [
      signalbox(['bot'], site),
      signalbox(['worker', '--zone', 'staging'], site),
    ];
    context.onTestFinished(async () => {
      await Promise.all([bot.clear(), worker.clear()]);
    });
    await Promise.all([bot.prints(/bot is up/), worker.prints(/worker is up/)]);
    bot.type(`!reimage ${HOST}`);
    await bot.prints(/op-\w+ DONE in .* reimage builder-08/, 2 * MINUTE);
    expect(effectsOf(site.farm.fleet, HOST)).toContain('1 install f43-builder@2026.11.18');
    for (const one of [bot, worker]) one.interrupt();
    expect([await bot.ends(), await worker.ends()]).toEqual([0, 0]);
  });
});
