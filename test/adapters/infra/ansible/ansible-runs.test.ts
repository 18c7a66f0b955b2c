import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostName } from '../../../../src/domain/ids.ts';
import type { TaskReport } from '../../../../src/jobs/ports/configuration-management.ts';
import { ansibleOver } from './driver-fixture.ts';
import { type PlaybookRepository, playbookRepository } from './playbook-repository.ts';

const HOST = HostName.parse('builder-07');
const FAKES = resolve(import.meta.dirname, '../../../fixtures/ansible');
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDummyDummyDummyDummyDummyDummyDummyDummyDumm';

const ALL_WELL = 'task a; result builder-07 a ok fine';
const stats = (host: string, counts: string) => `stats '"${host}":{${counts}}'`;
const GOOD = stats('builder-07', '"ok":1,"changed":0');

describe('what ansible-playbook does', () => {
  const path = process.env.PATH;
  let root: string;
  let repository: PlaybookRepository;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'ansible-runs-'));
    repository = playbookRepository(join(root, 'playbooks'));
    writeFileSync(join(root, 'id'), 'a key');
    process.env.PATH = `${FAKES}:${path}`;
  });
  afterAll(() => {
    process.env.PATH = path;
    rmSync(root, { recursive: true, force: true });
  });

  const over = (config: Record<string, unknown> = {}) => {
    const login = { repository: repository.folder, 'key-file': join(root, 'id') };
    return ansibleOver([{ name: HOST, key: KEY }], { ...login, ...config }, { token: 'sesame' });
  };

  function run(script: string, config: Record<string, unknown> = {}, onTask?: Tell) {
    const commit = repository.commit({ script: `${script}\n`, 'site.yml': '' });
    const watch = onTask === undefined ? {} : { onTask };
    const { port } = over(config);
    return port.apply(HOST, { file: 'site.yml', commit }, watch, AbortSignal.timeout(20_000));
  }

  it.each([
    ['0 and nothing changed', `${ALL_WELL}; ${GOOD}`, { kind: 'ok' }],
    [
      '0 and something changed',
      `${ALL_WELL}; ${stats('builder-07', '"ok":2,"changed":1,"skipped":3')}`,
      { kind: 'changed', counts: { ok: 2, changed: 1, skipped: 3 } },
    ],
    ['0 without the host in its stats', 'stats ""', { kind: 'no-hosts-matched' }],
    ['0 for another host', stats('other', '"ok":1'), { kind: 'no-hosts-matched' }],
    [
      '2 and a failed task',
      `task a; result builder-07 a failed 'no such device'; ${stats('builder-07', '"failures":1')}; exit 2`,
      { kind: 'failed', task: 'a', because: 'no such device' },
    ],
    [
      '4 and an unreachable host',
      `task a; result builder-07 a unreachable 'no route'; ${stats('builder-07', '"unreachable":1')}; exit 4`,
      { kind: 'unreachable', because: 'no route', midway: false },
    ],
    [
      '4 after a first task',
      `${ALL_WELL}; result builder-07 b unreachable 'no route'; ${stats('builder-07', '"ok":1,"unreachable":1')}; exit 4`,
      { kind: 'unreachable', because: 'no route', midway: true },
    ],
    [
      'noise, events that nobody knows and half a line between its events',
      `echo noise; echo '{"event":"later"}' >&3; echo 'not json' >&3; ${ALL_WELL}; ${GOOD}; printf '{"ev' >&3`,
      { kind: 'ok' },
    ],
  ])('is understood when it ends with %s', async (_what, script, end) => {
    expect(await run(script)).toMatchObject(end);
  });

  it.each([
    [
      '4 and a parser error',
      "echo 'ERROR! no such module' >&2; exit 4",
      'refused',
      'none',
      'no such module',
    ],
    [
      '1 before any task',
      "echo 'ERROR! no such file' >&2; exit 1",
      'refused',
      'none',
      'no such file',
    ],
    ['5 for its options', 'exit 5', 'refused', 'none', 'ansible-playbook ended with 5'],
    ['250 before any task', "echo '[ERROR]: a bug' >&2; exit 250", 'refused', 'none', 'a bug'],
    [
      '250 after a task',
      `${ALL_WELL}; exit 250`,
      'crashed',
      'unknown',
      'ansible-playbook ended with 250',
    ],
    ['0 and no stats', ALL_WELL, 'crashed', 'unknown', 'ansible-playbook ended with 0'],
    ['0 and not a word', 'exit 0', 'crashed', 'none', 'ansible-playbook ended with 0'],
    [
      '1 after good stats',
      `${ALL_WELL}; ${GOOD}; exit 1`,
      'crashed',
      'unknown',
      'ansible-playbook ended with 1',
    ],
    [
      '99, as after Ctrl-C',
      `${ALL_WELL}; exit 99`,
      'cut-off',
      'unknown',
      'ansible-playbook ended with 99',
    ],
    [
      'a signal',
      `${ALL_WELL}; kill -KILL $$`,
      'cut-off',
      'unknown',
      'ansible-playbook ended with SIGKILL',
    ],
  ])('is a Failure when it ends with %s', async (_what, script, code, effect, because) => {
    await expect(run(script)).rejects.toMatchObject({
      code: `ansible.${code}`,
      effect,
      message: expect.stringContaining(`: ${because}`),
    });
  });

  it('is stopped also when it does not listen, with what it has started elsewhere', async () => {
    const deaf = `trap '' INT TERM; setsid sleep 60 & ${ALL_WELL}; while :; do sleep 1; done`;
    await expect(run(deaf, { 'run-timeout-s': 0.5 })).rejects.toMatchObject({
      code: 'ansible.cut-off',
      message: 'site.yml on builder-07 did not come to its end: it took longer than 0.5 s',
    });
  }, 20_000);

  it('is told task by task, in bounded lines and without its secrets', async () => {
    const reports: TaskReport[] = [];
    const long = `result builder-07 long ok "sesame $(printf '%01000d' 0)"`;
    const config = { variables: { token: 'token' } };
    await run(`task a; ${long}; ${GOOD}`, config, (report) => reports.push(report));
    expect(reports).toEqual([
      {
        host: 'builder-07',
        task: 'long',
        outcome: 'ok',
        says: expect.stringMatching(/^\[secret\] 0+ \[\d+ characters left out\]$/),
      },
    ]);
    expect(reports[0]?.says?.length).toBeLessThan(550);
  });

  it('needs a file at a whole commit that is there', async () => {
    const commit = repository.commit({ 'site.yml': '' });
    const signal = AbortSignal.timeout(5_000);
    const check = (file: string, of: string) => over().port.check({ file, commit: of }, signal);
    const absent = '0'.repeat(40);
    await expect(check('site.yml', absent)).rejects.toMatchObject({
      code: 'ansible.commit-missing',
      message: `commit ${absent} cannot be run: it is not in ${repository.folder}`,
    });
    await expect(check('site.yml', 'main')).rejects.toMatchObject({ code: 'ansible.not-a-commit' });
    await expect(check('other.yml', commit)).rejects.toMatchObject({
      code: 'ansible.playbook-missing',
      message: `other.yml cannot be run: there is no such file at commit ${commit}`,
    });
    await check('site.yml', commit);
  });

  it('begins nothing without a host key on record, or without the program', async () => {
    const commit = repository.commit({ 'site.yml': '' });
    const login = { repository: repository.folder, 'key-file': join(root, 'id') };
    const apply = (key: string | undefined) =>
      ansibleOver([{ name: HOST, key }], login).port.apply(
        HOST,
        { file: 'site.yml', commit },
        {},
        AbortSignal.timeout(5_000),
      );
    await expect(apply(undefined)).rejects.toMatchObject({ code: 'ansible.host-key-unknown' });
    const bin = mkdtempSync(join(root, 'bin'));
    for (const tool of ['git', 'tar']) symlinkSync(`/usr/bin/${tool}`, join(bin, tool));
    process.env.PATH = bin;
    await expect(apply(KEY)).rejects.toMatchObject({ code: 'ansible.not-installed' });
    process.env.PATH = `${FAKES}:${path}`;
  });

  it('says that the repository is not there', async () => {
    const { port } = over({ repository: join(root, 'nowhere') });
    const playbook = { file: 'site.yml', commit: '0'.repeat(40) };
    await expect(port.check(playbook, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'ansible.no-repository',
      effect: 'none',
    });
  });
});

type Tell = (report: TaskReport) => void;
