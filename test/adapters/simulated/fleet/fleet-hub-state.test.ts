import { describe, expect, it } from 'vitest';
import { fleetHubState } from '../../../../src/adapters/simulated/fleet/fleet-hub-state.ts';
import { lab, MINUTE } from './small-fleet.ts';

describe('fleetHubState', () => {
  it('shows builders and tasks of the fleet as they are now', () => {
    const { clock, fleet } = lab();
    const hub = fleetHubState(fleet);
    const host = (name: string) => hub.hosts().find((each) => each.name === name);
    expect(hub.hosts()).toHaveLength(20);
    expect(host('builder-11')).toMatchObject({ enabled: false, comment: 'disk is failing, kevin' });
    expect(host('builder-20')).toMatchObject({
      arches: 'aarch64',
      ready: true,
      comment: undefined,
    });
    const open = () => hub.tasks().filter((task) => task.hostId === 7 && task.state === 'open');
    expect(open().map(({ request }) => request)).toEqual([
      ['git+https://src.lab/rpms/kernel.git#main'],
      ['git+https://src.lab/rpms/systemd.git#main'],
    ]);
    clock.advance(13 * MINUTE);
    expect(open()).toEqual([]);
    expect(hub.tasks()[0]).toMatchObject({ state: 'closed', hostId: 7 });
  });

  it('changes them, each thing once', () => {
    const { fleet } = lab();
    const hub = fleetHubState(fleet);
    for (const _ of ['once', 'twice']) hub.changeHost(7, { enabled: false, comment: 'drained' });
    expect(hub.hosts()[6]).toMatchObject({ enabled: false, comment: 'drained' });
    expect(fleet.count({ kind: 'disable', host: 'builder-07' })).toBe(1);
    hub.freeTask(4101);
    expect(hub.tasks()[0]).toMatchObject({ state: 'free', hostId: undefined });
    hub.cancelTask(4102);
    expect(hub.tasks()[1]).toMatchObject({ state: 'canceled' });
  });
});
