import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { type AnsibleSite, ansibleSite } from './ansible-site.ts';
import { play } from './play.ts';

const PASSWORD = 'correct horse {{ battery }} "staple"\nsecond line of it';
const VAULT = 'open sesame';
const given = {
  config: { variables: { db_password: 'db' }, vault: 'vault' },
  secrets: { db: PASSWORD, vault: VAULT },
};
/** Every form in which somebody could read it. */
const FORMS = [
  'correct horse',
  'second line',
  VAULT,
  'treasure',
  Buffer.from(PASSWORD).toString('base64'),
];

describe('a secret that a run is given', () => {
  let site: AnsibleSite;
  beforeAll(async () => {
    site = await ansibleSite();
  });
  afterAll(() => site.close());

  async function told(tasks: readonly string[]): Promise<string> {
    const run = await site.play(play(tasks), given);
    return JSON.stringify(run).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
  }

  it('reaches the host as it is, and never as a template', async () => {
    const target = join(site.folder, 'password');
    await told([`{ copy: { dest: ${target}, content: "{{ db_password }}", mode: "0600" } }`]);
    expect(readFileSync(target, 'utf8')).toBe(PASSWORD);
  });

  it.each([
    ['a diff', '{ copy: { dest: FILE, content: "a\\n{{ db_password }}\\nb" } }'],
    ['the text of a task', '{ debug: { msg: "it is {{ db_password }}" } }'],
    ['the name of a task', '{ name: "set {{ db_password }}", command: "true" }'],
    ['a failure', '{ fail: { msg: "cannot use {{ db_password }}" } }'],
    ['an error of a command', '{ shell: "echo {{ db_password | quote }} >&2; exit 1" }'],
    ['JSON', '{ debug: { msg: "{{ [db_password] | to_json }}" } }'],
    ['base64', '{ debug: { msg: "{{ db_password | b64encode }}" } }'],
  ])('is not told in %s', async (_where, task) => {
    const text = await told([
      task.replace('FILE', join(mkdtempSync(join(site.folder, 'try-')), 'diffed')),
    ]);
    expect(text).toContain('[secret]');
    for (const form of FORMS) expect(text).not.toContain(form);
  });

  it('is kept back by no_log, known or not', async () => {
    const text = await told([
      '{ name: quiet, debug: { msg: "treasure" }, no_log: true }',
      `{ name: quiet, copy: { dest: ${join(site.folder, 'quiet')}, content: treasure }, no_log: true }`,
    ]);
    expect(text).toContain('output has been hidden');
    for (const form of FORMS) expect(text).not.toContain(form);
  });

  it('is not told when the playbook cannot be read either', async () => {
    const text = play([`{ nosuchmodule: "${VAULT}" }`]);
    const problem = await site.play(text, given).catch((problem: Error) => problem);
    expect(String(problem)).not.toContain(VAULT);
  });

  it('opens vault files of the repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vault-'));
    writeFileSync(join(folder, 'password'), VAULT);
    writeFileSync(join(folder, 'all.yml'), 'sealed: treasure\n');
    const words = ['encrypt', '--vault-password-file', join(folder, 'password'), 'all.yml'];
    execFileSync('ansible-vault', words, { cwd: folder, stdio: 'ignore' });
    const sealed = readFileSync(join(folder, 'all.yml'), 'utf8');
    rmSync(folder, { recursive: true });
    const check = '{ assert: { that: "sealed == \'treasure\'" } }';
    const commit = site.commit({ 'site.yml': play([check]), 'group_vars/all.yml': sealed });
    const host = HostName.parse('builder-07');
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const end = await site.over(given).apply(host, { file: 'site.yml', commit }, {}, signal);
    expect(end).toMatchObject({ kind: 'ok' });
  });

  it('and none that it is not given are in its environment or its files', async () => {
    process.env.SIGNALBOX_SECRET_OTHER = 'none of its business';
    const look = `{ name: look, delegate_to: localhost, shell: "env; stat -c %a ../* | sort -u", register: seen }`;
    const keep = `{ copy: { dest: ${join(site.folder, 'seen')}, content: "{{ seen.stdout }}" } }`;
    await site.play(play([look, keep]), given);
    delete process.env.SIGNALBOX_SECRET_OTHER;
    const seen = readFileSync(join(site.folder, 'seen'), 'utf8');
    expect(seen).toContain('ANSIBLE_STDOUT_CALLBACK=signalbox_events');
    for (const secret of ['none of its business', 'correct horse', VAULT])
      expect(seen).not.toContain(secret);
    expect(seen.split('\n').filter((line) => /^\d{3}$/.test(line))).toEqual(['600', '700']);
  });
});
