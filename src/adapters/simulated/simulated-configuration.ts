import type { Playbook } from '../../domain/inventory.ts';
import { digestOf } from '../../jobs/model/plan.ts';
import type {
  ConfigurationManagement,
  PlaybookEnd,
  PlaybookWatch,
} from '../../jobs/ports/configuration-management.ts';
import type { Fleet } from './fleet/fleet.ts';
import { answers, type LabHost } from './fleet/lab-host.ts';
import { textFile } from './fleet/lab-system.ts';
import { record } from './fleet/world.ts';

/** What a simulated playbook sees to. */
const MARK = '/etc/signalbox-playbook';

/** A repository that has every playbook at every commit. Each has one task: to name itself and its commit in a file. */
export function simulatedConfiguration(fleet: Fleet): ConfigurationManagement {
  const play = (name: string, playbook: Playbook, watch: PlaybookWatch, put: Put): PlaybookEnd => {
    const host = fleet.world().hosts.get(name);
    if (host === undefined || !answers(host)) return away(name, watch);
    const wanted = `${playbook.file} ${playbook.commit}\n`;
    const found = host.system.files.get(MARK)?.content.toString();
    if (found === wanted) return allWell(name, watch);
    put(host, wanted);
    return changed(name, watch, found, wanted);
  };
  return {
    async check() {},
    async apply(name, playbook, watch) {
      return play(name, playbook, watch, (host, wanted) => {
        host.system.files.set(MARK, textFile(wanted));
        record(fleet.world(), { host: name, kind: 'put-file', detail: MARK });
      });
    },
    async preview(name, playbook, watch) {
      return play(name, playbook, watch, () => {});
    },
  };
}

type Put = (host: LabHost, wanted: string) => void;

const TASK = `write ${MARK}`;

function allWell(host: string, { onTask }: PlaybookWatch): PlaybookEnd {
  onTask?.({ host, task: TASK, outcome: 'ok' });
  return { kind: 'ok', counts: { ok: 1, changed: 0, skipped: 0 } };
}

function changed(
  host: string,
  { onTask }: PlaybookWatch,
  found: string | undefined,
  wanted: string,
): PlaybookEnd {
  const removed = found === undefined ? [] : [`-${found.trimEnd()}`];
  const diff = [...removed, `+${wanted.trimEnd()}`].join('\n');
  const change = { files: [MARK], added: 1, removed: removed.length, digest: digestOf(diff) };
  onTask?.({ host, task: TASK, outcome: 'changed', diff, change });
  return { kind: 'changed', counts: { ok: 1, changed: 1, skipped: 0 } };
}

function away(host: string, { onTask }: PlaybookWatch): PlaybookEnd {
  onTask?.({ host, task: 'Gathering Facts', outcome: 'unreachable' });
  return { kind: 'unreachable', because: 'connection refused', midway: false };
}
