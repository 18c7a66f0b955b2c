import { describe, expect, test } from 'vitest';
import { type Channel, channelsConcerned } from '../../../src/bot/narrator/channels.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';

function stateOf(claims: readonly unknown[]): OperationState {
  const origin = { network: 'irc', channel: '#ops' };
  return { request: { origin, plan: { claims } } } as OperationState;
}

function watching(channel: string, ...watches: readonly string[]): Channel {
  return { network: 'matrix', channel, watches };
}

const CHANNELS = [
  watching('#builders', 'builders'),
  watching('#compute', 'compute'),
  watching('#all', '*'),
  watching('#nothing'),
];

describe('an operation is told', () => {
  test.each([
    [
      'of a pool',
      [{ kind: 'budget', pool: 'builders', host: 'builder-01' }],
      ['#builders', '#all'],
    ],
    ['of a service', [{ kind: 'lock', key: 'service/compute' }], ['#compute', '#all']],
    ['of a host alone', [{ kind: 'lock', key: 'host/compute' }], ['#all']],
  ])('%s where that is watched, and where everything is', (_, claims, told) => {
    expect(channelsConcerned(stateOf(claims), 'matrix', CHANNELS)).toEqual(told);
  });

  test('where it was asked for, on that network alone', () => {
    const state = stateOf([{ kind: 'lock', key: 'service/compute' }]);
    expect(channelsConcerned(state, 'irc', CHANNELS)).toEqual(['#ops']);
  });
});
