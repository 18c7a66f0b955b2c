import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

const SIMULATED = 'rehearsal: a simulated builder-01, nothing real is touched · ';

describe('a rehearsal', () => {
  test('runs the whole runbook, marks each line, and touches nothing', async () => {
    const world = await createWorld();
    const before = await world.farm.outOfService(
      world.inventory.pools.values().next().value?.hosts ?? [],
      AbortSignal.timeout(1_000),
    );
    expect(await world.says('ana', '!rehearse clean builder-01')).toEqual([
      `${SIMULATED}would need 1 approval from sysadmin-builders · nobody answers`,
      'rehearsal: ana: op-rehearsal clean builder-01 · staging · 4 steps, about 10 min',
      'rehearsal: no way back after step 3 (wipe)',
      'rehearsal: op-rehearsal 1/4 disable builder-01',
      'rehearsal: op-rehearsal 2/4 drain builder-01',
      'rehearsal: op-rehearsal 3/4 wipe builder-01',
      'rehearsal: op-rehearsal 4/4 test builder-01',
      'rehearsal: op-rehearsal DONE in 5 s: clean builder-01',
      'rehearsal: asked by ana · disable 0 s · drain 5 s · wipe 0 s · test 0 s',
    ]);
    expect(await world.operations()).toEqual([]);
    const [zone] = [...world.inventory.hosts.values()].map((host) => host.zone);
    expect(zone && (await world.journal.claims(zone)).held).toEqual([]);
    const hosts = world.inventory.pools.values().next().value?.hosts ?? [];
    expect(await world.farm.outOfService(hosts, AbortSignal.timeout(1_000))).toEqual(before);
    expect(world.problems).toEqual([]);
  });

  test.each(['builder-01', 'builder-02'])(
    'reinstalls %s from the beginning to the end',
    async (host) => {
      const { says } = await createWorld();
      const lines = await says('ana', `!rehearse reimage ${host}`);
      expect(lines.filter((line) => line.includes('DONE'))).toHaveLength(1);
      expect(lines.every((line) => line.startsWith('rehearsal: '))).toBe(true);
      expect(lines.length).toBeLessThanOrEqual(41);
    },
  );

  test('shows what a failing step asks, and what its deadline does', async () => {
    const { says } = await createWorld();
    expect((await says('ana', '!rehearse clean builder-01 fail-at=3')).slice(-3)).toEqual([
      'rehearsal: op-rehearsal 3/4 FAILED wipe: wipe fails: the rehearsal wants it so · builder-01 is disabled · Whatever is chosen now, nothing real is touched.',
      'rehearsal: 🔁 retry  ↩️ rollback  ⏸️ hold · holds by itself at 14:30 UTC',
      'rehearsal: op-rehearsal nobody answered, so it is held · retry or rollback',
    ]);
  });

  test('shows how another worker goes on where one was lost', async () => {
    const { says, problems } = await createWorld();
    const lines = await says('ana', '!rehearse clean builder-01 die-at=3');
    expect(lines).toContain(
      'rehearsal: op-rehearsal 3/4 wipe builder-01: its worker was lost in the middle of it; looking what became of it',
    );
    expect(lines).toContain(
      'rehearsal: op-rehearsal 3/4 wipe builder-01, going on where it stopped',
    );
    expect(lines.at(-2)).toMatch(/DONE/);
    expect(problems).toEqual([]);
  });

  test('is for whoever may run the command, and for nobody else', async () => {
    const { says } = await createWorld();
    expect((await says('gus', '!rehearse clean builder-01'))[0]).toMatch(/would need 2 approvals/);
    expect(await says('kim', '!rehearse clean builder-01')).toEqual([
      expect.stringMatching(/^kim is in community; clean on builder-01|^kim: kim is in community/),
    ]);
    expect((await says('gus', '!rehearse reimage builder-01'))[0]).toMatch(/granted to/);
  });

  test('is about one host, a command with a plan, and a step that there is', async () => {
    const { says } = await createWorld();
    expect(await says('ana', '!rehearse clean builder-[01-02]')).toEqual([
      'ana: a rehearsal is about one host or one service. Name one.',
    ]);
    expect(await says('ana', '!rehearse ops')).toEqual([
      'ops makes no plan: it is answered at once',
    ]);
    expect(await says('ana', '!rehearse clean builder-01 fail-at=5')).toEqual([
      'ana: there is no step 5: the plan has 4',
    ]);
  });

  test('leaves nothing that could be looked at or answered', async () => {
    const { says, prompts } = await createWorld();
    const lines = await says('ana', '!rehearse clean builder-01 fail-at=3');
    expect(prompts()).toEqual([]);
    expect(lines.filter((line) => /!\w+ op-/.test(line))).toEqual([]);
    expect((await says('ana', '!retry op-rehearsal'))[0]).toMatch(/an operation such as/);
  });
});
