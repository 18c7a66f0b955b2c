import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { type AnsibleSite, ansibleSite } from './ansible-site.ts';
import { play } from './play.ts';

const HOST = HostName.parse('builder-07');

describe('ansible-playbook over OpenSSH', () => {
  let site: AnsibleSite;
  beforeAll(async () => {
    site = await ansibleSite();
  });
  afterAll(() => site.close());

  /** Of each try: an earlier one has written there. */
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(site.folder, 'try-'));
  });

  const here = (name: string) => join(folder, name);
  const write = (name: string, text = 'hello') =>
    `{ name: write it, copy: { dest: ${here(name)}, content: "${text}\\n" } }`;

  it('changes what is not as it should be, and then finds it so', async () => {
    const playbook = play([write('motd')]);
    const diff = /^--- before\n\+\+\+ after: .*\n@@ -0,0 \+1 @@\n\+hello$/;
    expect(await site.play(playbook)).toEqual({
      end: { kind: 'changed', counts: { ok: 1, changed: 1, skipped: 0 } },
      reports: [
        {
          host: HOST,
          task: 'write it',
          outcome: 'changed',
          diff: expect.stringMatching(diff),
          change: { files: [here('motd')], added: 1, removed: 0, digest: expect.any(String) },
        },
      ],
    });
    expect(readFileSync(here('motd'), 'utf8')).toBe('hello\n');
    expect(await site.play(playbook)).toEqual({
      end: { kind: 'ok', counts: { ok: 1, changed: 0, skipped: 0 } },
      reports: [{ host: HOST, task: 'write it', outcome: 'ok' }],
    });
  });

  it('previews with a diff what it would change, and changes nothing', async () => {
    writeFileSync(here('issue'), 'old\n');
    const { end, reports } = await site.play(play([write('issue', 'new')]), { mode: 'preview' });
    expect(end).toMatchObject({ kind: 'changed' });
    expect(reports[0]?.diff).toMatch(/\n-old\n\+new$/);
    expect(readFileSync(here('issue'), 'utf8')).toBe('old\n');
  });

  it('gives the same digest again for a template and a diff that is too long to be kept', async () => {
    site.commit({ 'long.j2': 'line {{ signalbox_pool }}\n'.repeat(6_000) });
    const tasks = [`{ template: { dest: ${here('long')}, src: long.j2 } }`, write('other')];
    const [first, second] = [
      await site.play(play(tasks), { mode: 'preview' }),
      await site.play(play(tasks), { mode: 'preview' }),
    ];
    expect(first.reports[0]?.change).toMatchObject({ files: [here('long')], added: 6_000 });
    expect(second.reports.map(({ change }) => change?.digest)).toEqual(
      first.reports.map(({ change }) => change?.digest),
    );
  });

  it('tells tasks that no preview can tell about from those that have nothing to do', async () => {
    const tasks = [
      '{ name: a command, command: "true" }',
      '{ name: a loop, shell: "true", loop: [1, 2] }',
      '{ name: not here, command: "true", when: false }',
      '{ name: for nobody, command: "true", loop: [] }',
      '{ name: in no turn, command: "true", loop: [1], when: false }',
      '{ name: kept back, command: "true", no_log: true }',
    ];
    const { reports } = await site.play(play(tasks), { mode: 'preview' });
    const unseen = reports.filter((report) => report.unseen).map(({ task }) => task);
    expect(unseen).toEqual(['a command', 'a loop', 'kept back']);
  });

  it('says which task failed and why, and leaves out what comes after it', async () => {
    const broken = '{ name: mount it, command: "sh -c \'echo no such device >&2; exit 3\'" }';
    const { end } = await site.play(play([broken, write('never')]));
    expect(end).toEqual({
      kind: 'failed',
      task: 'mount it',
      because: 'non-zero return code: no such device',
    });
    expect(existsSync(here('never'))).toBe(false);
  });

  it('goes on after a failure that the playbook passes over or mends', async () => {
    const passed = '{ name: try it, command: "false", ignore_errors: true }';
    const mended =
      '{ name: both, block: [{ name: a, command: "false" }], rescue: [{ name: b, command: "true" }] }';
    const { end, reports } = await site.play(play([passed, mended]));
    expect(end).toMatchObject({ kind: 'changed' });
    expect(reports.map(({ outcome }) => outcome)).toEqual(['ignored', 'failed', 'changed']);
  });

  it('says what a turn of a loop changed and which one failed', async () => {
    const loop = `{ name: each, copy: { dest: "${folder}/{{ item }}", content: x }, loop: [one, no/where] }`;
    const { end, reports } = await site.play(play([loop]));
    expect(end).toEqual({
      kind: 'failed',
      task: 'each',
      because: `Destination directory ${here('no')} does not exist`,
    });
    expect(reports[0]?.diff).toContain('+x');
  });

  it('says that a host does not answer', async () => {
    const { end } = await site.play(play([write('never')]), { port: 1 });
    expect(end).toEqual({
      kind: 'unreachable',
      because:
        'Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port 1: Connection refused',
      midway: false,
    });
  });

  it('says that a host was lost after its first task', async () => {
    const away = '{ name: go away, meta: reset_connection }';
    const lost = '{ name: look, command: "true", vars: { ansible_port: 1 } }';
    const { end } = await site.play(play([write('before'), away, lost]));
    expect(end).toMatchObject({ kind: 'unreachable', midway: true });
  });

  it('does not talk to a host that shows another key than the one on record', async () => {
    const hostKey = site.anotherKey();
    const { end } = await site.play(play([write('never')]), { hostKey });
    expect(end).toEqual({
      kind: 'unreachable',
      because: 'Host key verification failed.',
      midway: false,
    });
    expect(existsSync(here('never'))).toBe(false);
  });

  it('does not let the ansible.cfg of the repository trust other keys', async () => {
    const settings = '[defaults]\nhost_key_checking = False\n[ssh_connection]\nssh_args = -4\n';
    const loose = `${settings}ssh_extra_args = -o StrictHostKeyChecking=no\n`;
    const commit = site.commit({ 'site.yml': play([write('never')]), 'ansible.cfg': loose });
    const port = site.over({ hostKey: site.anotherKey() });
    const playbook = { file: 'site.yml', commit };
    const end = await port.apply(HOST, playbook, {}, AbortSignal.timeout(PATIENCE_MS));
    site.commit({ 'ansible.cfg': '' });
    expect(end).toMatchObject({ because: 'Host key verification failed.' });
  });

  it.each([
    [
      'that is no YAML',
      '- hosts: [\n',
      'Syntax Error while loading YAML. did not find expected node content \\(site.yml line 2\\)',
    ],
    [
      'with a module that there is not',
      play(['{ nosuchmodule: }']),
      "couldn't resolve module/action 'nosuchmodule'.*\\(site.yml line \\d+\\)",
    ],
  ])('begins nothing of a playbook %s', async (_what, text, because) => {
    await expect(site.play(text)).rejects.toMatchObject({
      code: 'ansible.refused',
      effect: 'none',
      message: expect.stringMatching(
        new RegExp(`^site.yml was not run on builder-07: ${because}`, 's'),
      ),
    });
  });

  it('tells a playbook that is not meant for the host from one that found all well', async () => {
    const { end, reports } = await site.play(play([write('never')], 'databases'));
    expect(end).toEqual({ kind: 'no-hosts-matched' });
    expect(reports).toEqual([]);
  });

  it('runs what was committed, whatever the repository holds by now', async () => {
    const commit = site.commit({ 'site.yml': play([write('pinned', 'then')]) });
    site.commit({ 'site.yml': play([write('pinned', 'now')]) });
    const playbook = { file: 'site.yml', commit };
    await site.over().apply(HOST, playbook, {}, AbortSignal.timeout(PATIENCE_MS));
    expect(readFileSync(here('pinned'), 'utf8')).toBe('then\n');
  });

  it('finds the groups of the host, and takes roles and variables from the commit', async () => {
    const commit = site.commit({
      'group_vars/pool_builders.yml': 'greeting: "{{ signalbox_pool }} say hello"\n',
      'roles/greet/tasks/main.yml': `- copy: { dest: ${here('greeting')}, content: "{{ greeting }}" }\n`,
      'greet.yml': '- hosts: zone_test:&kind_metal\n  gather_facts: false\n  roles: [greet]\n',
    });
    const playbook = { file: 'greet.yml', commit };
    const { kind } = await site.over().apply(HOST, playbook, {}, AbortSignal.timeout(PATIENCE_MS));
    expect(kind).toBe('changed');
    expect(readFileSync(here('greeting'), 'utf8')).toBe('builders say hello');
  });

  it('goes through a jump host, with a key on record for each', async () => {
    const jump = await site.jumpHost();
    const { end } = await site.play(play(['{ name: ask, command: "true" }']), { jump });
    expect(end).toMatchObject({ kind: 'changed' });
    const refused = site.play(play(['{ command: "true" }']), { jump: { ...jump, key: undefined } });
    await expect(refused).rejects.toMatchObject({
      code: 'ansible.host-key-unknown',
      message: 'no playbook is run on builder-07: no host key of gate-1 is on record',
    });
  });

  it('says what a site has, for signalbox check', async () => {
    expect(await site.check()).toMatch(
      /^ansible-playbook \[core 2\.\d+\.\d+\], \/.* at [0-9a-f]{12}$/,
    );
  });

  it('leaves no file of a run behind', async () => {
    await site.play(play(['{ command: "true" }']));
    expect(site.runFolders()).toEqual([]);
  });
});
