import { expect, it, vi } from 'vitest';
import { demoFleet } from '../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../src/adapters/simulated/fleet/leaping-clock.ts';
import { labCommand } from '../../src/lab/lab-commands.ts';

function lab() {
  const kill = vi.fn();
  const worker = { kill, stop: () => {} };
  return { kill, parts: { fleet: demoFleet({ clock: leapingClock() }), worker } };
}

it.each(['kill worker in NONSENSE', 'kill worker in', 'kill worker at claim'])(
  'does not take "%s", says which kinds there are, and kills nothing',
  async (line) => {
    const { kill, parts } = lab();
    await expect(labCommand(line, parts)).rejects.toMatchObject({
      code: 'lab.refused',
      message: expect.stringMatching(
        `^${line}: expected in KIND, one of restart, .*claim, put-file`,
      ),
    });
    expect(kill).not.toHaveBeenCalled();
  },
);

it('kills the worker at once where nothing more is said', async () => {
  const { kill, parts } = lab();
  expect(await labCommand('kill worker', parts)).toEqual(['the worker was killed']);
  expect(kill).toHaveBeenCalledOnce();
});
