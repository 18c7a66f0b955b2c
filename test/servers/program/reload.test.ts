import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effectsOf, metalOnce } from './effects-of.ts';
import { eventually, PATIENCE_MS } from './eventually.ts';
import { endsWell, onSite } from './on-site.ts';
import { opIn, type Site } from './site.ts';

const HOST = 'builder-08';
const MAY_RELOAD = '  - { allow: [reload], to: [sysadmin-builders] }\n';

/** As a careful editor does: beside it, and then in its place. */
async function edit({ configPath }: Site, name: string, change: (text: string) => string) {
  const path = join(dirname(configPath), name);
  await writeFile(`${path}.new`, change(await readFile(path, 'utf8')));
  await rename(`${path}.new`, path);
}

/** What bot and worker have logged once this was logged so many times. */
async function logged({ configPath }: Site, what: RegExp, times = 1): Promise<string> {
  const read = () => readFile(join(dirname(configPath), 'lab.log'), 'utf8').catch(() => '');
  const count = async () => [...(await read()).matchAll(new RegExp(what, 'gm'))].length;
  await eventually(
    async () => (await count()) >= times,
    PATIENCE_MS,
    () => `${times} times ${what}`,
  );
  return read();
}

/** A reimage of builder-08 that stands before the call that arms its installer. */
async function arming(site: Site) {
  const held = site.gate.hold('before', '/installer/arm');
  const ref = await site.reimage(HOST);
  return { ref, call: await held };
}

const broken = (text: string) => text.replace('hosts:\n', 'hosts:\n  bast ion');
const mended = (text: string) => text.replace('  bast ion', '');

describe.concurrent('a reload in the middle of an operation', () => {
  it(
    'by SIGHUP to bot and worker: a bad version changes nothing, a good one is used, and the operation ends',
    onSite(async (site) => {
      const processes = await Promise.all([site.startBot(), site.startWorker()]);
      const hangUp = () => {
        for (const one of processes) one.signal('SIGHUP');
      };
      const { ref, call } = await arming(site);
      await edit(site, 'inventory.yaml', broken);
      hangUp();
      const refused = await logged(site, /warn SIGHUP: not reloaded, what was in use stays/, 2);
      expect(refused).toMatch(/^inventory\.yaml:\d+:\d+: /m);
      await eventually(async () =>
        /worker \S+ of staging refused its configuration and uses an older one: inventory\.yaml:/.test(
          await site.channel.ask('kim', '!status'),
        ),
      );
      await edit(site, 'inventory.yaml', mended);
      await edit(site, 'signalbox.yaml', (text) => `${text}${MAY_RELOAD}`);
      hangUp();
      await logged(site, /info SIGHUP: reloaded, 1 rule added; inventory \w{6}$/, 2);
      call.letGo();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
    }),
  );

  it(
    'by !reload reaches bot and worker, takes drivers from under nobody, and lets the operation end',
    onSite(async (site) => {
      await edit(site, 'signalbox.yaml', (text) => `${text}${MAY_RELOAD}`);
      await Promise.all([site.startBot(), site.startWorker()]);
      const { ref, call } = await arming(site);
      const inventory = await readFile(join(dirname(site.configPath), 'inventory.yaml'), 'utf8');
      const entry = new RegExp(`  ${HOST}:\n(?: {4}.*\n)+`);
      await edit(site, 'inventory.yaml', (text) => text.replace(entry, ''));
      expect(await site.channel.ask('ben', '!reload')).toMatch(
        new RegExp(`^not reloaded.*: 1 problem\n.*${HOST} is gone .*, and ${ref.op} is under way`),
      );
      await edit(site, 'inventory.yaml', () => inventory);
      await edit(site, 'signalbox.yaml', (text) =>
        text.replace('product: node-ssh\n', 'product: node-ssh\n        connect-timeout-s: 19\n'),
      );
      expect(await site.channel.ask('ben', '!reload')).toMatch(
        /^1 driver changed; inventory \w{6}\n1 worker reloaded, too$/,
      );
      call.letGo();
      await endsWell(site, ref);
      expect(effectsOf(site.fleet, HOST)).toEqual(metalOnce(HOST));
    }),
  );
});

describe.concurrent('!reload', () => {
  it(
    'is followed by a worker that was away, once it is back',
    onSite(async (site) => {
      await edit(site, 'signalbox.yaml', (text) => `${text}${MAY_RELOAD}`);
      const [worker] = await Promise.all([site.startWorker(), site.startBot()]);
      await eventually(
        async () => !(await site.channel.ask('ben', '!reload')).includes('no worker'),
      );
      worker.signal('SIGSTOP');
      await edit(site, 'inventory.yaml', (text) =>
        text.replace('max-unavailable: 2', 'max-unavailable: 3'),
      );
      expect(await site.channel.ask('ben', '!reload')).toMatch(
        /^1 pool changed; inventory \w{6} → \w{6}\nworker \S+ of staging has not answered yet/,
      );
      worker.signal('SIGCONT');
      await logged(site, /info request \d+ to the workers of staging: reloaded, 1 pool changed/);
      await eventually(async () => !(await site.channel.ask('kim', '!status')).includes('worker'));
    }),
  );

  it(
    'between request and approval: what would be done another way now is refused, and approved when asked for anew',
    onSite(async (site) => {
      await edit(site, 'signalbox.yaml', (text) => `${text}${MAY_RELOAD}`);
      await Promise.all([site.startBot(), site.startWorker()]);
      const { lines, ref } = await site.asked(HOST);
      await edit(site, 'inventory.yaml', (text) =>
        text.replace('{host} is a builder', '{host} builds'),
      );
      expect(await site.channel.ask('ben', '!reload')).toContain('2 images changed');
      await site.channel.react('ben', '👍', ref);
      await site.channel.hears(new RegExp(`${opIn(lines)} .*the plan is another one now`));
      expect(effectsOf(site.fleet, HOST)).toEqual([]);
      await site.reimage(HOST);
    }),
  );
});
