import type { OperationState } from '../../jobs/model/state.ts';
import type { Told } from './told.ts';

/** A channel the bot is in, and the pools and services whose operations are told there; `*` is all of them. */
export interface Channel {
  readonly network: string;
  readonly channel: string;
  readonly watches: readonly string[];
  /** Hears of what nobody answers, whatever it is about. */
  readonly escalation?: boolean;
  /** Hears of what waits for approval, and what came of that, whatever it is about. */
  readonly approvals?: boolean;
}

const SERVICE_LOCK = /^service\/(?<name>.+)$/;

/** Where something is told on one network: wherever its operation is, and where people wait for just that. */
export function channelsHearing(
  { escalated, forApprovers }: Pick<Told, 'escalated' | 'forApprovers'>,
  state: OperationState,
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  const others = channels.filter(
    (one) =>
      one.network === network && ((escalated && one.escalation) || (forApprovers && one.approvals)),
  );
  return [
    ...new Set([
      ...channelsConcerned(state, network, channels),
      ...others.map(({ channel }) => channel),
    ]),
  ];
}

/** Everywhere on one network where something of an operation may have been told. */
export function channelsPossible(
  state: OperationState,
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  return channelsHearing({ escalated: true, forApprovers: true }, state, network, channels);
}

/** Where an operation is told on one network: where it was asked for, and wherever its pools or services are watched. */
export function channelsConcerned(
  { request }: OperationState,
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  const watching = channelsWatching(touchedBy(request), network, channels);
  const { origin } = request;
  const asked = origin.network === network ? [origin.channel] : [];
  return [...new Set([...asked, ...watching])];
}

/** Where on one network is told of these pools and services; of none, where everything is told. */
export function channelsWatching(
  touched: readonly string[],
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  return channels
    .filter((channel) => channel.network === network && isWatched(channel, touched))
    .map(({ channel }) => channel);
}

/** The pools and services that it may take something from. */
function touchedBy({ plan }: OperationState['request']): readonly string[] {
  return plan.claims.flatMap((claim) => {
    if (claim.kind === 'budget') return [claim.pool];
    if (claim.kind !== 'lock') return [];
    return SERVICE_LOCK.exec(claim.key)?.groups?.name ?? [];
  });
}

function isWatched({ watches }: Channel, touched: readonly string[]): boolean {
  return watches.some((watched) => watched === '*' || touched.includes(watched));
}
