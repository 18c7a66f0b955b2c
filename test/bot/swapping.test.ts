import { describe, expect, test } from 'vitest';
import { putRecords } from '../../src/adapters/simulated/dns/zone-world.ts';
import {
  inventoryOfMembers,
  memberOf,
  ONE_UNIT,
  pairInventory,
  STANDBY_CHECK,
  UPDATE,
} from '../jobs/runbooks/swap/pair-inventory.ts';
import { NAME_OF_PAIR } from '../jobs/runbooks/swap/pair-ports.ts';
import { pairOf } from './fixture/pair.ts';
import { createWorld } from './world.ts';

const WINDOW = '    window: { days: [tue, thu], from: "22:00", lasts: 4h }\n';
const TWO = [memberOf('node1'), memberOf('node2')];
const THREE = [...TWO, memberOf('node3')];

/** A channel of people who may swap compute, over the members and whatever else the inventory says. */
async function site(members: readonly string[] = TWO, ...more: readonly string[]) {
  const pair = pairOf(inventoryOfMembers(members, [UPDATE, ...more]));
  const world = await createWorld({ pair });
  /** What whoever types it is told, but for that it is being looked at. */
  const told = async (line: string, name = 'ana') => {
    const lines = await world.says(name, line);
    return lines.filter((each) => !each.endsWith('looking at compute…'));
  };
  /** What is said until the newest operation is over. */
  const toTheEnd = async () => {
    const heard: string[] = [];
    for (let minutes = 0; minutes < 40; minutes += 1) heard.push(...(await world.passes(1)));
    return heard;
  };
  const points = (at: string) =>
    putRecords(pair.zone, NAME_OF_PAIR, [{ type: 'CNAME', value: `${at}.example.org`, ttlS: 300 }]);
  return { ...world, pair, told, toTheEnd, points };
}

/** `ana: op-1 swap compute · …`: it was requested. */
const BEGINS = /^ana: op-\d+ (swap|maintain) compute/;

describe('a swap is refused', () => {
  test('outside its window, but not on its way back', async () => {
    const { told } = await site(TWO, WINDOW);
    const closed =
      'ana: compute is worked on tue, thu 22:00 to 02:00 UTC, next at 2026-11-19 22:00 UTC';
    expect(await told('!swap compute')).toEqual([closed]);
    expect(await told('!maintain compute')).toEqual([closed]);
    expect(await told('!plan swap compute')).toEqual([closed]);
    expect((await told('!swap compute back'))[0]).toMatch(/^ana: op-1 swap compute back/);
  });

  test('in a freeze of its environment, and on its way back too', async () => {
    const { told, says } = await site();
    await says('rik', '!freeze staging for=2h koji is upgraded');
    for (const line of ['!swap compute', '!swap compute back', '!maintain compute']) {
      expect(await told(line)).toEqual([
        expect.stringMatching(/^ana: staging is frozen by rik since .*: "koji is upgraded"/),
      ]);
    }
    await says('rik', '!thaw staging');
    expect((await told('!swap compute'))[0]).toMatch(BEGINS);
  });

  test.each(['bot', 'store', 'dns', 'directory'])(
    'when a node that would be updated carries the %s, and is moved without an update',
    async (carried) => {
      for (const place of [0, 1]) {
        const members = TWO.map((member, at) =>
          at === place ? memberOf(`node${at + 1}`, carried) : member,
        );
        const { told } = await site(members);
        const refused = new RegExp(
          `node${place + 1} cannot be taken down from here: the inventory says that it carries ${carried} of this bot`,
        );
        expect((await told('!swap compute')).join('\n')).toMatch(refused);
        expect((await told('!maintain compute')).join('\n')).toMatch(refused);
        expect((await told('!swap compute back'))[0]).toMatch(BEGINS);
      }
    },
  );

  test.each(['replica', 'disks'])('when the standby fails its check %s', async (check) => {
    const { told, pair } = await site(TWO, STANDBY_CHECK.replace('replica', check));
    pair.fleet.fail('node2', 'check', 1);
    expect((await told('!swap compute')).join('\n')).toContain(
      `node2 is no standby that compute could move to: ${check}: expected code 0, came HTTP 503`,
    );
    expect((await told('!swap compute'))[0]).toMatch(BEGINS);
  });

  test('to a member that is active, that is none of it, or that nobody named of several', async () => {
    const { told } = await site(THREE);
    expect(await told('!swap compute to=node1')).toEqual([
      expect.stringContaining('nothing to swap: node1 is active already'),
    ]);
    expect((await told('!swap compute to=builder-01')).join('\n')).toContain(
      'builder-01 cannot become active: compute has the members node1, node2, node3',
    );
    for (const line of ['!swap compute', '!swap compute back', '!maintain compute']) {
      expect((await told(line)).join('\n')).toContain(
        'nobody said which member of compute is to become active: node1 is, and there are node2, node3',
      );
    }
  });
});

test('a service of three members goes to the one that is named, and back to another', async () => {
  const { told, toTheEnd } = await site(THREE);
  expect((await told('!swap compute to=node3')).join('\n')).toMatch(
    /swap compute to node3[\s\S]*from node1 to node3/,
  );
  expect((await toTheEnd()).join('\n')).toMatch(/op-1 DONE/);
  expect((await told('!swap compute back to=node2')).join('\n')).toMatch(
    /swap compute back to node2[\s\S]*from node3 to node2/,
  );
  expect((await toTheEnd()).join('\n')).toMatch(/op-2 DONE/);
  expect((await told('!status compute'))[0]).toContain('node2 is active');
});

test('maintenance updates both members with a swap between them, and needs a recipe', async () => {
  const { told, toTheEnd, pair } = await site(TWO, ONE_UNIT);
  expect((await told('!maintain compute'))[0]).toMatch(BEGINS);
  const heard = (await toTheEnd()).join('\n');
  expect(heard).toMatch(/point compute.example.org at node2[\s\S]*update node1[\s\S]*DONE/);
  for (const host of ['node1', 'node2'])
    expect(pair.fleet.count({ host, kind: 'command', detail: 'apply-updates' })).toBe(1);
  const without = await createWorld({ pair: pairOf(pairInventory()) });
  expect((await without.says('ana', '!maintain compute')).join('\n')).toMatch(
    /compute cannot be maintained: the inventory does not say how its members are updated/,
  );
});

describe('the last swap', () => {
  async function swapped() {
    const made = await site();
    await made.told('!swap compute');
    expect((await made.toTheEnd()).join('\n')).toMatch(/op-1 DONE/);
    return made;
  }

  test('is shown with how it ended and what it proved', async () => {
    const { told } = await swapped();
    const lines = await told('!status compute');
    expect(lines[0]).toBe('compute: node2 is active, as every DNS server says');
    expect(lines.at(-1)).toMatch(
      /last: op-1 from node1 to node2 · .* · 2026-11-18 14:\d\d UTC · left node2 active/,
    );
    expect(lines.filter((line) => /proved .* ago/.test(line))).toHaveLength(2);
  });

  test('stops the next one where DNS says otherwise, until somebody says that it is so', async () => {
    const { told, points } = await swapped();
    points('node1');
    const elsewhere =
      'compute was moved past the bot: op-1 left node2 active, and every DNS server says node1';
    for (const line of [
      '!swap compute',
      '!swap compute back',
      '!maintain compute',
      '!plan swap compute',
    ])
      expect((await told(line)).join('\n')).toContain(elsewhere);
    const lines = (await told('!status compute')).join('\n');
    expect(lines).toMatch(/node1 is active, as every DNS server says[\s\S]*left node2 active/);
    expect((await told('!swap compute active=node2')).join('\n')).toContain(
      'node2 is not the active member of compute: every DNS server says node1',
    );
    expect((await told('!swap compute active=node1'))[0]).toMatch(BEGINS);
  });
});

test('a stranger hears of a service neither hosts nor addresses, whatever state it is in', async () => {
  const { told, pair, points } = await site(TWO, ONE_UNIT);
  const status = () => told('!status compute', 'zoe');
  expect(await status()).toEqual(['compute: in service']);
  await told('!swap compute');
  expect(await status()).toEqual(['compute: in service · being worked on']);
  points('node7');
  pair.fleet.fail('node2', 'check', 100);
  expect((await status()).join('\n')).not.toMatch(/node\d|example|\d+\.\d+\.\d+/);
});

test('two people on two networks get one swap, and the other hears who has it, why and since when', async () => {
  const { saysOnIrc, says, told, toTheEnd, operations } = await site(TWO, ONE_UNIT);
  const [, heard] = await Promise.all([
    saysOnIrc('rik', '!swap compute'),
    says('ana', '!swap compute'),
  ]);
  expect(await operations()).toHaveLength(2);
  expect(heard.join('\n')).toContain(
    'op-2 waits: compute is locked by op-1 (swap compute, asked by rik) since 2026-11-18 14:00 UTC',
  );
  expect((await toTheEnd()).filter((line) => line.startsWith('op-2'))).toEqual([
    'op-2 REFUSED: swap compute · the plan is another one now than was approved: ask for it again',
  ]);
  expect((await told('!status compute')).join('\n')).toMatch(
    /node2 is active[\s\S]*last: op-1 from node1 to node2/,
  );
});

test('a rehearsal of a swap asks at the step that is to fail, and moves nothing', async () => {
  const { told, pair, operations } = await site(TWO, ONE_UNIT);
  const lines = await told('!rehearse swap compute fail-at=6');
  expect(lines.every((line) => line.startsWith('rehearsal: '))).toBe(true);
  expect(lines).toContainEqual(
    expect.stringMatching(
      /6\/14 FAILED stop-units: .*the rehearsal wants it so · compute.example.org points at node1/,
    ),
  );
  expect(lines.some((line) => /↩️ rollback/.test(line))).toBe(true);
  expect(await operations()).toEqual([]);
  expect(pair.zone.versions).toHaveLength(1);
  expect(pair.fleet.count({ kind: 'command' })).toBe(0);
});
