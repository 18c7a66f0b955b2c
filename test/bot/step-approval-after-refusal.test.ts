import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

/** The wipe waits for an approval of its own, by rik; ana, who asked for it all, loses the right meanwhile. */
async function refusedAtItsMoment() {
  const stepApproval = { count: 1, groups: ['root'] };
  const world = await createWorld({ stepApproval });
  await world.says('ana', '!clean builder-01');
  await world.reacts('ben', '👍');
  world.people.leaves('ana', 'sysadmin-builders');
  await world.passes(1);
  const heard = await world.reacts('rik', '👍');
  expect(heard.join(' ')).toContain('wipe builder-01 may not begin');
  return world;
}

test('a step that was refused when it was to begin is not begun by a retry without its own approval', async () => {
  const { says } = await refusedAtItsMoment();
  await says('cat', '!answer op-1 go-on');
  expect((await says('cat', '!show op-1'))[0]).toContain('waits for 1 of root');
});
