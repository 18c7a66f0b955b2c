import { describe, expect, it } from 'vitest';
import { startsAtBoot, unitStateOf } from '../../../../src/jobs/runbooks/swap/units.ts';

/** As `systemctl show` prints it. */
function shown(active: string, change: Readonly<Record<string, string>> = {}): string {
  const usual = {
    LoadState: 'loaded',
    ActiveState: active,
    MainPID: '0',
    TasksCurrent: '[not set]',
  };
  const lines = Object.entries({ ...usual, ...change }).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

describe('whether a unit runs', () => {
  it.each(['active', 'activating', 'deactivating', 'reloading'])('it does while %s', (state) => {
    expect(unitStateOf(shown(state))).toEqual({ kind: 'running' });
  });

  it.each(['inactive', 'failed'])('it does not once %s, when nothing of it is left', (state) => {
    expect(unitStateOf(shown(state))).toEqual({ kind: 'stopped' });
    expect(unitStateOf(shown(state, { TasksCurrent: '2' }))).toEqual({ kind: 'running' });
    expect(unitStateOf(shown(state, { MainPID: '4711' }))).toEqual({ kind: 'running' });
  });

  it('may be masked, and may be a timer, which has no processes', () => {
    expect(unitStateOf(shown('inactive', { LoadState: 'masked' }))).toEqual({ kind: 'stopped' });
    expect(unitStateOf('LoadState=loaded\nActiveState=inactive\n')).toEqual({ kind: 'stopped' });
  });

  it.each([
    ['a unit that is not there', shown('inactive', { LoadState: 'not-found' }), /not-found/],
    ['another word', shown('hibernating'), /hibernating/],
    ['processes that are not counted', shown('inactive', { TasksCurrent: 'some' }), /counted/],
    ['nothing', '', /not what was asked/],
    ['a complaint', 'Failed to connect to bus: Host is down\n', /not what was asked/],
    ['two answers', shown('inactive') + shown('active'), /not what was asked/],
    ['half an answer', 'ActiveState=inactive\n', /nothing/],
  ])('nobody knows of %s', (_, printed, because) => {
    expect(unitStateOf(printed)).toEqual({
      kind: 'unknown',
      because: expect.stringMatching(because),
    });
  });
});

describe('whether a unit starts at boot', () => {
  it.each([
    ['enabled', true],
    ['disabled', false],
    ['static', false],
    ['enabled-runtime', false],
    ['masked', false],
    ['', false],
    ['bad', undefined],
  ])('%s: %s', (UnitFileState, starts) => {
    expect(startsAtBoot(shown('inactive', { UnitFileState }))).toBe(starts);
  });

  it('nobody knows where systemd does not say', () => {
    expect(startsAtBoot(shown('inactive'))).toBeUndefined();
    expect(startsAtBoot('Failed to connect to bus: Host is down\n')).toBeUndefined();
  });
});
