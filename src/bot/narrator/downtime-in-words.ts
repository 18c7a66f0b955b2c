import type { EventOf } from '../../jobs/model/event.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Outgoing } from '../chat-network.ts';
import { foldHosts } from '../grammar/fold-hosts.ts';
import { clockTime } from './in-words.ts';

interface Words {
  readonly as: Outgoing['as'];
  readonly line: string;
}

/** What the channel hears of it. That alerts are silenced goes without saying; that they are not, or stay so, does not. */
export function downtimeInWords(
  { state, hosts, because, until }: EventOf<'downtime'>,
  before: OperationState | undefined,
  now: number,
): Words | undefined {
  const alerts = `the alerts about ${foldHosts(hosts)}`;
  const known = hosts.flatMap((host) => before?.downtime.get(host) ?? []);
  switch (state) {
    case 'begun':
      if (!known.some(({ failed }) => failed)) return undefined;
      return { as: 'progress', line: `${alerts} are silenced now` };
    case 'failed': {
      const cannot = known.some(({ begun }) => begun) ? 'cannot keep silencing' : 'cannot silence';
      return { as: 'notice', line: `${cannot} ${alerts} and goes on: ${because}` };
    }
    case 'left': {
      const limit = until === undefined ? '' : ` until ${clockTime(until, now)}`;
      return { as: 'notice', line: `${alerts} may stay silenced${limit}: ${because}` };
    }
    case 'over':
      return undefined;
    default:
      return state satisfies never;
  }
}
