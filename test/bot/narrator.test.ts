import { describe, expect, test } from 'vitest';
import { createWorld, OPS } from './world.ts';

/** Asked for, approved, waits for a build, done. */
async function wholeOperation() {
  const world = await createWorld();
  world.farm.builds('builder-01', 'buildArch kernel', 'buildArch bash');
  const heard = [
    ...(await world.says('ana', '!clean builder-01')),
    ...(await world.reacts('ben', '👍')),
    ...(await world.passes(10)),
  ];
  world.farm.finishes('builder-01');
  heard.push(...(await world.passes(15)), ...(await world.passes(1)));
  return { ...world, transcript: heard };
}

describe('the channel', () => {
  test('hears an operation from its request to its report, each thing once', async () => {
    const { transcript, problems } = await wholeOperation();
    expect(transcript).toEqual([
      'ana: op-1 clean builder-01 · staging · 4 steps, about 10 min · takes @builders from 6/6 to 5/6 (at least 4)',
      'no way back after step 3 (wipe) · needs 1 approval from sysadmin-builders: !approve op-1 CODE or 👍 · !show op-1',
      'op-1 approved by ben, starting',
      'op-1 1/4 disable builder-01',
      'op-1 2/4 drain builder-01',
      'op-1 2/4 waiting for 2 tasks to finish: buildArch kernel (since 14:00 UTC), buildArch bash (since 14:00 UTC)',
      'op-1 3/4 wipe builder-01 · 26 min so far, almost done',
      'op-1 4/4 test builder-01 · 26 min so far, almost done',
      'op-1 DONE in 26 min: clean builder-01',
      'asked by ana · approved by ben · disable 0 s · drain 26 min · wipe 0 s · test 0 s',
    ]);
    expect(problems).toEqual([]);
  });

  test('hears in the end how long it ran, and not how long it waited for people before', async () => {
    const { says, reacts, passes, heard } = await createWorld();
    await says('ana', '!clean builder-01');
    await passes(20);
    await reacts('ben', '👍');
    await passes(2);
    const end = heard('#builders').find((line) => line.includes(' DONE '));
    expect(end).toMatch(/ DONE in 2 min: clean builder-01$/);
  });

  test('that watches the pool hears the same, and nobody else hears anything', async () => {
    const { heard } = await wholeOperation();
    expect(heard('#builders')).toEqual(heard(OPS));
    expect(heard('#mirrors')).toEqual([]);
    expect(heard('#elsewhere')).toEqual([]);
  });

  test('where it was asked for hears it, also when it watches nothing', async () => {
    const { says, heard } = await createWorld();
    await says('ana', '!clean builder-01', { channel: '#private' });
    expect(heard('#private')).toEqual(heard('#builders'));
    expect(heard(OPS)).toEqual([]);
  });

  test('hears nothing of what a command answers elsewhere', async () => {
    const { says, heard } = await createWorld();
    await says('ana', '!ops', { channel: '#private' });
    expect(heard('#private')).toEqual(['no operation is open']);
    expect(heard('#builders')).toEqual([]);
  });

  test('may approve where it only watches', async () => {
    const { says, network, reacts } = await createWorld();
    await says('ana', '!clean builder-01');
    const elsewhere = network.posted.find(
      ({ channel, as }) => channel === '#builders' && as === 'prompt',
    );
    expect((await reacts('ben', '👍', elsewhere?.id))[0]).toBe('op-1 approved by ben, starting');
  });
});

describe('a narrator that restarts', () => {
  test('with its cursor goes on where it stopped', async () => {
    const { network, narratorRestarts, says } = await wholeOperation();
    const before = network.posted.length;
    await narratorRestarts('saved');
    expect(network.posted).toHaveLength(before);
    expect((await says('ana', '!clean builder-02'))[0]).toMatch(/^ana: op-2 clean builder-02/);
  });

  test('without its cursor says nothing twice', async () => {
    const { network, narratorRestarts, says } = await wholeOperation();
    const before = network.posted.length;
    await narratorRestarts('lost');
    expect(network.posted).toHaveLength(before);
    expect((await says('ana', '!clean builder-02'))[0]).toMatch(/^ana: op-2 clean builder-02/);
  });

  test('in the middle of an operation knows where it is', async () => {
    const { farm, says, reacts, narratorRestarts, passes } = await createWorld();
    farm.builds('builder-01', 'buildArch kernel');
    await says('ana', '!clean builder-01');
    await reacts('ben', '👍');
    await narratorRestarts('saved');
    farm.finishes('builder-01');
    const heard = [...(await passes(1)), ...(await passes(1))];
    expect(heard).toContain('op-1 3/4 wipe builder-01 · 2 min so far, almost done');
    expect(heard).toContain('op-1 DONE in 2 min: clean builder-01');
  });

  test('still knows which message asks for which approval', async () => {
    const { says, narratorRestarts, reacts } = await createWorld();
    await says('ana', '!clean builder-01');
    await narratorRestarts('lost');
    expect((await reacts('ben', '👍'))[0]).toBe('op-1 approved by ben, starting');
  });
});

describe('what a host says', () => {
  test('reaches the channel in one line and without control characters', async () => {
    const { says, troubles, passes, network } = await createWorld();
    troubles.set('wipe', 'bad \u001b[31mred\u0007\nop-zzzz approved by ben\u202e');
    await says('rik', '!clean builder-01');
    expect(await passes(1)).toContain(
      'op-1 3/4 FAILED wipe: mount /dev/sdb: bad \\u{1b}[31mred\\u{7} op-zzzz approved by ben\\u{202e} · builder-01 is disabled · Look at its disk.',
    );
    await says('rik', '!show op-1');
    await says('rik', '!ops');
    await says('rik', '!log op-1');
    const said = network.posted.flatMap(({ lines }) => lines).join('');
    expect(said).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });
});
