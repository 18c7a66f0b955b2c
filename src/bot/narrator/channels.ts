import type { OperationState } from '../../jobs/model/state.ts';

/** A channel the bot is in, and the pools whose operations are told there; `*` is all of them. */
export interface Channel {
  readonly network: string;
  readonly channel: string;
  readonly watches: readonly string[];
  /** Hears of what nobody answers, whatever it is about. */
  readonly escalation?: boolean;
}

/** Where on one network it is told that nobody answers. */
export function channelsForEscalation(
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  return channels
    .filter((one) => one.network === network && one.escalation)
    .map(({ channel }) => channel);
}

/** Where an operation is told on one network: where it was asked for, and wherever its pools are watched. */
export function channelsConcerned(
  { request }: OperationState,
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  const pools = request.plan.claims.flatMap((claim) =>
    claim.kind === 'budget' ? [claim.pool] : [],
  );
  const watching = channelsWatching(pools, network, channels);
  const { origin } = request;
  const asked = origin.network === network ? [origin.channel] : [];
  return [...new Set([...asked, ...watching])];
}

/** Where on one network is told of these pools; of none, where everything is told. */
export function channelsWatching(
  pools: readonly string[],
  network: string,
  channels: readonly Channel[],
): readonly string[] {
  return channels
    .filter((channel) => channel.network === network && isWatched(channel, pools))
    .map(({ channel }) => channel);
}

function isWatched({ watches }: Channel, pools: readonly string[]): boolean {
  return watches.some((watched) => watched === '*' || pools.includes(watched));
}
