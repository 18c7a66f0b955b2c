import type { OperationState } from '../jobs/model/state.ts';
import { foldHosts } from './grammar/fold-hosts.ts';

/** Which alerts an operation keeps silenced, and which it could not. Nothing for one that has not begun or has ended. */
export function downtimeLines({ phase, downtime }: OperationState): readonly string[] {
  if (phase.kind === 'ended') return [];
  const reasons = Map.groupBy(downtime.keys(), (host) => downtime.get(host)?.failed);
  return [...reasons].map(([failed, hosts]) => {
    const alerts = `the alerts about ${foldHosts(hosts)}`;
    return failed === undefined
      ? `${alerts} are silenced until it ends`
      : `${alerts} could not be silenced: ${failed}`;
  });
}
