import { describe, expect, it } from 'vitest';
import { HostName } from '../../../src/domain/ids.ts';
import type { StepContext } from '../../../src/jobs/model/runbook.ts';
import type {
  ConfigurationManagement,
  PlaybookEnd,
  TaskReport,
} from '../../../src/jobs/ports/configuration-management.ts';
import type { Telling } from '../../../src/jobs/ports/operation-threads.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { applyPlaybook } from '../../../src/jobs/runbooks/common/apply-playbook.ts';
import { partly } from '../../partly.ts';

const HOST = HostName.parse('builder-07');
const PLAYBOOK = { file: 'site.yml', commit: '0123456789abcdef0123456789abcdef01234567' };

function apply(end: PlaybookEnd, reports: readonly Partial<TaskReport>[] = []) {
  const lines: string[] = [];
  const told: Telling[] = [];
  const configuration = partly<ConfigurationManagement>({
    async apply(_host, _playbook, { onTask }) {
      for (const report of reports) onTask?.({ host: HOST, task: 'a', outcome: 'ok', ...report });
      return end;
    },
  });
  const context = partly<StepContext<unknown>>({
    ports: partly<Ports>({ configuration }),
    log: (text) => void lines.push(text),
    tell: (telling) => void told.push(telling),
  });
  return {
    lines,
    told,
    done: applyPlaybook(context, HOST, PLAYBOOK),
  };
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

  it('tells the thread what changed and failed, and counts the rest', async () => {
    const { told, done } = apply({ kind: 'changed', counts }, [
      {},
      { outcome: 'skipped' },
      { outcome: 'changed', task: 'write motd', diff: '-old\n+new' },
      { outcome: 'failed', task: 'mount cache', says: 'no such device' },
      {},
    ]);
    await done;
    expect(told).toEqual([
      { line: '2 tasks unchanged; changed: write motd', important: false },
      { line: 'failed: mount cache: no such device', important: true },
      { line: '1 task unchanged' },
    ]);
  });

  it('tells little of very many tasks', async () => {
    const quiet = apply({ kind: 'ok', counts }, Array(300).fill({ task: 'look' }));
    await quiet.done;
    expect(quiet.told).toHaveLength(12);
    expect(quiet.told[0]).toEqual({ line: '25 tasks unchanged, at: look' });
    const busy = apply({ kind: 'changed', counts }, [
      ...Array(300).fill({ outcome: 'changed' }),
      { outcome: 'failed', task: 'late' },
    ]);
    await busy.done;
    expect(busy.told).toHaveLength(60 + 9 + 1);
    expect(busy.told.at(-1)).toEqual({ line: '15 more changed; failed: late', important: true });
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
