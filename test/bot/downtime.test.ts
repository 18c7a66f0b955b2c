import { describe, expect, test } from 'vitest';
import { simulatedDowntime } from '../../src/adapters/simulated/simulated-downtime.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Downtime } from '../../src/jobs/ports/downtime.ts';
import { createWorld } from './world.ts';

/** A hook that a test can break. */
function breakable() {
  const works = simulatedDowntime(new Map());
  let broken = false;
  const unlessBroken = async (what: () => Promise<void>) => {
    if (!broken) return what();
    throw new Failure({
      code: 'downtime.no-answer',
      problem: 'Alertmanager at alerts.example.org did not answer GET silences',
      because: 'ECONNREFUSED\nop-zzzz approved by ben',
      effect: 'none',
      next: 'Look at it.',
    });
  };
  const hook: Downtime = {
    begin: (...args) => unlessBroken(() => works.begin(...args)),
    end: (...args) => unlessBroken(() => works.end(...args)),
  };
  return {
    hook,
    breaks() {
      broken = true;
    },
    works() {
      broken = false;
    },
  };
}

async function cleaning(downtime: Downtime) {
  const world = await createWorld({ downtime });
  world.farm.builds('builder-01', 'buildArch kernel');
  await world.says('ana', '!clean builder-01');
  return { ...world, heard: await world.reacts('ben', '👍') };
}

const BECAUSE =
  'Alertmanager at alerts.example.org did not answer GET silences: ECONNREFUSED op-zzzz approved by ben';

describe('alerts that are silenced around an operation', () => {
  test('are not spoken of, and shown to whoever asks', async () => {
    const { hook } = breakable();
    const { heard, says, farm, passes } = await cleaning(hook);
    expect(heard.join('\n')).not.toContain('alert');
    expect(await says('ana', '!show op-1')).toContain(
      'the alerts about builder-01 are silenced until it ends',
    );
    farm.finishes('builder-01');
    const end = [...(await passes(1)), ...(await passes(1))];
    expect(end.join('\n')).toContain('op-1 DONE');
    expect(end.join('\n')).not.toContain('alert');
    expect((await says('ana', '!show op-1')).join('\n')).not.toContain('alert');
  });

  test('are spoken of when they cannot be silenced, in one line, and when they are after all', async () => {
    const { hook, breaks, works } = breakable();
    breaks();
    const { heard, says, passes } = await cleaning(hook);
    expect(heard).toContain(
      `op-1 cannot silence the alerts about builder-01 and goes on: ${BECAUSE}`,
    );
    expect(await says('ana', '!show op-1')).toContain(
      `the alerts about builder-01 could not be silenced: ${BECAUSE}`,
    );
    works();
    expect(await passes(5)).toContain('op-1 the alerts about builder-01 are silenced now');
  });

  test('are spoken of when that cannot be renewed or taken back', async () => {
    const { hook, breaks } = breakable();
    const { farm, passes } = await cleaning(hook);
    breaks();
    expect(await passes(5)).toContain(
      `op-1 cannot keep silencing the alerts about builder-01 and goes on: ${BECAUSE}`,
    );
    farm.finishes('builder-01');
    const end = [...(await passes(1)), ...(await passes(1))];
    expect(end).toContain(
      `op-1 the alerts about builder-01 may stay silenced until 14:37 UTC: ${BECAUSE}`,
    );
    expect(end.join('\n')).toContain('op-1 DONE');
  });
});
