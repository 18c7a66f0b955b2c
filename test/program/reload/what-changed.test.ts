import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../../src/adapters/config/load-configuration.ts';
import { formatProblem } from '../../../src/adapters/config/problem.ts';
import { changesInWords } from '../../../src/program/reload/changes-in-words.ts';
import { needsRestart } from '../../../src/program/reload/needs-restart.ts';
import { type SiteFiles, siteFiles } from './site-files.ts';

async function versions(change: (files: SiteFiles) => Promise<void>) {
  const files = await siteFiles();
  const before = await loadConfiguration(files.configPath);
  await change(files);
  return [before, await loadConfiguration(files.configPath)] as const;
}

const inventory = (from: string, to: string) => (files: SiteFiles) =>
  files.change('inventory.yaml', from, to);
const settings = (from: string, to: string) => (files: SiteFiles) =>
  files.change('signalbox.yaml', from, to);
const people = (from: string, to: string) => (files: SiteFiles) =>
  files.change('people.yaml', from, to);

describe('what a reload changed is said in one line', () => {
  it.each([
    [
      'hosts that came',
      inventory('builder-02:', 'builder-[02-04]:'),
      '2 hosts added, 1 pool changed',
    ],
    [
      'a host that went',
      inventory('  builder-02: { pool: builders, image: f43 }\n', ''),
      '1 host removed, 1 pool changed',
    ],
    [
      'a host with another address',
      inventory('builder-02: {', 'builder-02: { address: 192.0.2.7,'),
      '1 host changed',
    ],
    ['a budget', inventory('max-unavailable: 1', 'max-unavailable: 2'), '1 pool changed'],
    ['one more version of an image', inventory('["1"]', '["1", "2"]'), '1 image added'],
    [
      'an image that is configured another way',
      inventory('kinds:', 'post-install: { commands: [[id]] }, kinds:'),
      '1 image changed',
    ],
    ['a rule', settings('allow: [lock]', 'allow: [lock, reload]'), '1 rule changed'],
    [
      'a rule that stands elsewhere and another one before it',
      settings('rules:\n', 'rules:\n  - { allow: [reload], to: [admins] }\n'),
      '1 rule added',
    ],
    [
      'two rules that went',
      settings(
        '  - { allow: [reimage], to: [admins], approvals: { destructive: { count: 1 } } }\n  - { allow: [lock], to: [admins] }\n',
        '',
      ),
      '2 rules removed',
    ],
    ['somebody who left a group', people('[ana, ben]', '[ana]'), '1 person changed'],
    [
      'people with other ids',
      people(
        'ana: { console: ana }, ben: { console: ben }',
        'ana: { irc: ana }, ben: { irc: ben }',
      ),
      '2 people changed',
    ],
    ['what a channel watches', settings('[builders]', '"*"'), '1 channel changed'],
    ['a driver', settings('agent: true', 'key-file: /k'), '1 driver changed'],
    ['where a webhook posts to', settings('com/hook', 'com/other'), '1 webhook changed'],
    ['the prefix', settings('name: farm', 'name: farm\nprefix: "?"'), 'prefix ! → ?'],
    ['a comment', settings('name: farm', 'name: farm # ours'), 'nothing that counts has changed'],
  ])('%s', async (_what, change, expected) => {
    const [before, after] = await versions(change);
    const [what] = changesInWords(before, after).split('; ');
    expect(what).toBe(expected);
    expect(needsRestart(before, after)).toEqual([]);
  });

  it('with the revision of the inventory, and both where it is another', async () => {
    const [before, after] = await versions(inventory('max-unavailable: 1', 'max-unavailable: 2'));
    expect(changesInWords(before, after)).toMatch(/; inventory [0-9a-f]{6} → [0-9a-f]{6}$/);
    expect(changesInWords(after, after)).toMatch(
      /^nothing that counts has changed; inventory [0-9a-f]{6}$/,
    );
  });
});

describe('what a running process holds on to needs a restart', () => {
  it.each([
    ['its name', settings('name: farm', 'name: other'), 'signalbox.yaml:1:7: the name'],
    [
      'the folder of the store',
      settings('name: farm', 'name: farm\nstore: { data: /srv/store }'),
      "signalbox.yaml:2:16: the store's folder",
    ],
    [
      'a network',
      settings('name: farm', 'name: farm\nnetworks: { matrix: { user: bot } }'),
      'signalbox.yaml:2:21: network "matrix"',
    ],
    [
      'a network without settings',
      settings('name: farm', 'name: farm\nnetworks: { matrix: }'),
      'signalbox.yaml:2:21: network "matrix"',
    ],
    [
      'one more channel',
      settings('channels:\n', 'channels:\n  - { network: console, channel: "#dev" }\n'),
      'signalbox.yaml:5:3: the list of channels',
    ],
    [
      'one more webhook',
      settings(
        '  webhooks:\n',
        '  webhooks:\n    - { name: more, url: "https://example.com/more", secret: more }\n',
      ),
      'signalbox.yaml:16:5: the list of webhooks',
    ],
    [
      'an install server',
      settings(
        'witness: { product: ssh }',
        'reports: { product: install-server, url: "http://127.0.0.1:1/", listen: 127.0.0.1, port: 1, files: /srv }',
      ),
      'signalbox.yaml:10:16: the install server of staging',
    ],
  ])('%s', async (_what, change, expected) => {
    const [before, after] = await versions(change);
    expect(needsRestart(before, after).map(formatProblem)).toEqual([
      `${expected} cannot change while signalbox runs; put it back, or restart signalbox to take it`,
    ]);
  });
});
