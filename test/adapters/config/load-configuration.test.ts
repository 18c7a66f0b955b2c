import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { initialConfiguration } from '../../../src/adapters/config/initial-configuration.ts';
import { loadConfiguration } from '../../../src/adapters/config/load-configuration.ts';
import { parsePart } from '../../../src/adapters/config/read-part.ts';
import { UserId } from '../../../src/domain/ids.ts';

const good = new URL('../../fixtures/config/good/', import.meta.url).pathname;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(texts: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  return join(folder, 'signalbox.yaml');
}

async function refusal(settings: string): Promise<string> {
  const inventory = 'hosts: { web-01: { zone: staging, pool: web } }\npools: { web: }\n';
  const path = await write({ 'inventory.yaml': inventory, 'signalbox.yaml': settings });
  return loadConfiguration(path).then(
    () => 'taken',
    (error: Error) => error.message,
  );
}

describe('a configuration', () => {
  test('has holders of the break-glass beside it or in a file, which is read again with it', async () => {
    const glass = (holders: string) =>
      `inventory: inventory.yaml\nbreak-glass: { name: emergency, holders: ${holders}, allow: [reimage], on: { pools: [web] } }\n`;
    const texts = {
      'inventory.yaml': 'hosts: { web-01: { zone: staging, pool: web } }\npools: { web: }\n',
      'holders.yaml': 'ana: { irc: ana }\nben: { irc: benny, terminal: ben }\n',
    };
    const inFile = await loadConfiguration(
      await write({ ...texts, 'signalbox.yaml': glass('holders.yaml') }),
    );
    expect(inFile.files).toContain(join(folder, 'holders.yaml'));
    expect(inFile.breakGlass).toEqual({
      name: 'emergency',
      place: 'signalbox.yaml:2',
      holders: [
        { id: 'ana', accounts: new Map([['irc', 'ana']]) },
        {
          id: 'ben',
          accounts: new Map([
            ['irc', 'benny'],
            ['terminal', 'ben'],
          ]),
        },
      ],
      allow: ['reimage'],
      on: { pools: ['web'] },
      lastsMs: 3_600_000,
    });
    const here = '{ ana: { irc: ana }, ben: { irc: benny, terminal: ben } }';
    const beside = await loadConfiguration(
      await write({ ...texts, 'signalbox.yaml': glass(here) }),
    );
    expect(beside.breakGlass).toEqual(inFile.breakGlass);
    const without = await loadConfiguration(
      await write({ ...texts, 'signalbox.yaml': 'inventory: inventory.yaml\n' }),
    );
    expect(without.breakGlass).toBeUndefined();
  });

  test('is read with all its parts', async () => {
    const { settings, files } = await loadConfiguration(`${good}signalbox.yaml`);
    expect(settings).toMatchObject({
      name: 'example-farm',
      folder: good.slice(0, -1),
      store: { data: `${good}var` },
      prefix: '!',
      channels: [
        { network: 'console', channel: '#ops', watches: ['builders'] },
        { network: 'irc', channel: '#farm', watches: '*' },
      ],
    });
    expect(files.map((file) => basename(file))).toEqual([
      'signalbox.yaml',
      'base.yaml',
      'hosts.yaml',
      'people.yaml',
    ]);
  });

  test('gives each rule with its line and who approves', async () => {
    const { settings } = await loadConfiguration(`${good}signalbox.yaml`);
    expect(settings.rules).toEqual([
      {
        place: 'signalbox.yaml:16',
        allow: ['status', 'inventory'],
        on: {},
        to: ['community'],
        approvals: {},
      },
      {
        place: 'signalbox.yaml:18',
        allow: ['reimage'],
        on: {
          environments: ['staging'],
          pools: ['builders'],
          hosts: ['builder-*'],
          images: ['f43-builder'],
        },
        to: ['sysadmin-builders'],
        approvals: {
          disruptive: { count: 1, groups: ['sysadmin-builders'] },
          destructive: { count: 2, groups: ['sysadmin-builders'] },
        },
      },
    ]);
  });

  test('hands a driver what stands beside its product', async () => {
    const { settings } = await loadConfiguration(`${good}signalbox.yaml`);
    const farm = [...settings.zones.values()][0]?.drivers.get('farm');
    if (farm === undefined) throw new Error('no farm');
    expect(farm.product).toBe('koji');
    const Hub = z.strictObject({ hub: z.string() });
    expect(parsePart(farm.config, Hub)).toEqual({ hub: 'https://koji.example.org/kojihub' });
    expect(() => parsePart(farm.config, z.strictObject({ hub: z.number() }))).toThrow(
      'signalbox.yaml:14:35: hub is "https://koji.example.org/kojihub"; expected a number; correct it',
    );
  });

  test('needs no more than its inventory', async () => {
    const path = await write({
      'signalbox.yaml': 'inventory: inventory.yaml\n',
      'inventory.yaml': 'hosts: { web-01: { zone: staging } }\n',
    });
    const { settings, directory } = await loadConfiguration(path);
    expect(settings).toEqual({
      name: 'signalbox',
      assurance: {
        needed: { ask: 'account', approve: 'account' },
        environments: new Map([['production', { approve: 'session' }]]),
      },
      selfApproval: [],
      reminders: { afterMs: 600_000, escalateAfterMs: 1_200_000, quarantineEveryMs: 86_400_000 },
      linksLastMs: 180 * 24 * 3_600_000,
      folder,
      store: { data: join(folder, 'var') },
      signing: { trusted: [] },
      audit: {},
      directory: { ldap: [], cacheMs: 60_000 },
      prefix: '!',
      channels: [],
      networks: new Map(),
      zones: new Map(),
      webhooks: [],
      freezes: [],
      rules: [],
    });
    expect(await directory.identify('irc', 'ana', 'fresh')).toMatchObject({ kind: 'nobody' });
  });

  test('as `signalbox init` writes it loads in ten lines', async () => {
    const texts = initialConfiguration(UserId.parse('ana'));
    const { settings, inventory, directory } = await loadConfiguration(await write(texts));
    expect(inventory.hosts.size).toBe(3);
    expect(settings.rules[0]?.allow).toEqual(['lock']);
    expect(await directory.identify('terminal', 'ana', 'fresh')).toEqual({
      kind: 'person',
      person: { id: 'ana', groups: ['operators'] },
    });
    expect(texts['signalbox.yaml']?.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
  });
});

describe('settings', () => {
  const start = 'inventory: inventory.yaml\n';

  test.each([
    [
      'a port that no driver has',
      'zones: { staging: { drivers: { fam: { product: koji } } } }',
      'signalbox.yaml:2:32: unknown key "fam"; expected farm, shell, witness, installer, reports, hypervisor, configuration, dns, checks, storage, power, console or downtime; did you mean "farm"?',
    ],
    [
      'a driver without a product',
      'zones: { staging: { drivers: { farm: { hub: x } } } }',
      'signalbox.yaml:2:38: "product" is missing; expected text; add product',
    ],
    [
      'a channel that watches an unknown pool',
      'channels: [{ network: console, channel: "#ops", watches: [wed] }]',
      'signalbox.yaml:2:59: unknown pool or service "wed"; expected web or *; did you mean "web"?',
    ],
    [
      'a channel that watches no list',
      'channels: [{ network: console, channel: "#ops", watches: web }]',
      'signalbox.yaml:2:58: watches is "web"; expected "*" or a list of pools and services; correct it',
    ],
    [
      'a rule for an unknown risk',
      'rules: [{ allow: ["*"], to: [ops], approvals: { disruptiv: {} } }]\ndirectory: { groups: { ops: [ana] }, people: { ana: } }',
      'signalbox.yaml:2:49: unknown key "disruptiv"; expected read-only, routine, disruptive or destructive; did you mean "disruptive"?',
    ],
    [
      'a network whose name no word is',
      'directory: { people: { ana: { IRC: ana } } }',
      'signalbox.yaml:2:31: "IRC" cannot be a name here; expected a network such as matrix; rename it',
    ],
    [
      'a rule without anybody',
      'rules: [{ allow: ["*"], to: [] }]',
      'signalbox.yaml:2:29: to is an empty list; expected at least one group; correct it',
    ],
    [
      'a prefix that is a word',
      'prefix: bot',
      'signalbox.yaml:2:9: prefix is "bot"; expected one to three signs such as "!"; correct it',
    ],
    [
      'a host pattern in another notation',
      'rules: [{ allow: ["*"], to: [ops], on: { hosts: ["web-[1-2]"] } }]',
      'signalbox.yaml:2:50: hosts[0] is "web-[1-2]"; expected a host or a pattern such as builder-*; correct it',
    ],
  ])('refuse %s', async (_, line, message) => {
    expect(await refusal(`${start}${line}\n`)).toBe(message);
  });

  test.each([
    ['a driver', 'zones: { staging: { drivers: { farm: { product: koji } } } }'],
    [
      'a channel that watches everything',
      'channels: [{ network: console, channel: "#ops", watches: ["*"] }]',
    ],
    [
      'a channel for approvals',
      'channels: [{ network: console, channel: "#approvals", approvals: true }]',
    ],
    ['a secret by the file it is in', 'networks: { irc: { password-file: /run/irc } }'],
    [
      'people and groups in the same file',
      'rules: [{ allow: ["*"], to: [ops], approvals: { disruptive: {} } }]\ndirectory: { groups: { ops: [ana] }, people: { ana: } }',
    ],
  ])('take %s', async (_, line) => {
    expect(await refusal(`${start}${line}\n`)).toBe('taken');
  });

  test('that do not exist are refused with what to do', async () => {
    await expect(loadConfiguration(join(folder, 'signalbox.yaml'))).rejects.toThrow(
      'signalbox.yaml:1:1: "signalbox.yaml" does not exist; create it, or run "signalbox init" for a first configuration',
    );
  });

  test('that name a folder without YAML are refused', async () => {
    const path = await write({ 'signalbox.yaml': 'inventory: .git\n' });
    await mkdir(join(folder, '.git'));
    await expect(loadConfiguration(path)).rejects.toThrow(
      'signalbox.yaml:1:12: ".git" has no YAML files; expected files that end in .yaml; put the inventory there, or name another folder',
    );
  });
});
