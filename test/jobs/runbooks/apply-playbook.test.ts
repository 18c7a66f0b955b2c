import { describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { StepContext } from '../../../src/jobs/model/runbook.ts';
import type { PlaybookEnd, TaskReport } from '../../../src/jobs/ports/configuration-management.ts';
import { applyPlaybook } from '../../../src/jobs/runbooks/reimage/apply-playbook.ts';

const HOST = HostName.parse('builder-07');
const PLAYBOOK = { file: 'site.yml', commit: '0123456789abcdef0123456789abcdef01234567' };

function apply(end: PlaybookEnd, reports: readonly Partial<TaskReport>[] = []) {
  const lines: string[] = [];
  const configuration: Partial<StepContext<unknown>['ports']['configuration']> = {
    async apply(_host, _playbook, { onTask }) {
      for (const report of reports) onTask?.({ host: HOST, task: 'a', outcome: 'ok', ...report });
      return end;
    },
  };
  const context = { ports: { configuration }, log: (text: string) => lines.push(text) };
  return { lines, done: applyPlaybook(context as unknown as StepContext<unknown>, HOST, PLAYBOOK) };
}

describe('the playbook of a configuration', () => {
  const counts = { ok: 2, changed: 1, skipped: 0 };

  it('puts each task into the log, with what it changed', async () => {
    const { lines, done } = apply({ kind: 'changed', counts }, [
      { outcome: 'changed', task: 'write motd', diff: '-old\n+new' },
      { outcome: 'ignored', task: 'try', says: 'no such device' },
    ]);
    expect(await done).toEqual(counts);
    expect(lines).toEqual(['changed: write motd\n-old\n+new', 'ignored: try: no such device']);
  });

  it.each([
    [
      { kind: 'failed', task: 'mount cache', because: 'no such device' },
      'configure.playbook-failed',
      'none',
      'builder-07: site.yml: mount cache: no such device',
    ],
    [
      { kind: 'unreachable', because: 'no route', midway: false },
      'configure.playbook-unreachable',
      'none',
      'builder-07: site.yml: no route',
    ],
    [
      { kind: 'unreachable', because: 'no route', midway: true },
      'configure.playbook-unreachable',
      'unknown',
      'builder-07: site.yml: no route',
    ],
    [
      { kind: 'no-hosts-matched' },
      'configure.playbook-not-for-host',
      'none',
      'builder-07: no play of site.yml is meant for it',
    ],
  ] as const)('fails when it ends as %j', async (end, code, effect, message) => {
    await expect(apply(end).done).rejects.toMatchObject({ code, effect, message });
  });
});
